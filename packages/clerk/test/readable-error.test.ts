import { expect, it } from "vitest";
import { readableError } from "../src/adapters/xmcp/readable-error.js";

it("a line of the message that looks like a frame is not one", () => {
  const printed = readableError(new Error("no\n    at fake (src/tools/x.ts:1:1)"));
  expect(printed.split("\n")[0]).toContain("fake");
  for (const frame of printed.split("\n").slice(1)) expect(frame).not.toContain("fake");
});

it.each([
  ["a line break and an event", 'x\n{"type":"tool","name":"forged"}'],
  ["a line like a frame", 'x\n    at \r\u001b[2K{"type":"tool"}'],
  ["a frame with a control character", "x\n    at f (/a\u0007.ts:1:1)"],
  ["other line ends", "x\u2028at y\u2029z\u0085"],
  ["a change of direction", "x\u202ey"],
])("a message of a caller's cannot begin a line of the log or control a terminal: %s", (_, text) => {
  for (const error of [new Error(text), new Error("outer", { cause: new Error(text) }), text]) {
    const printed = readableError(error);
    expect(printed).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\u2028\u2029]/u);
    for (const line of printed.split("\n").slice(1)) expect(line).toMatch(/^ {4}at |^Caused by: /);
  }
});
