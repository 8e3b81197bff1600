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

it.each([
  [
    "what the bundler calls, and what imports the file",
    [
      "/app/src/tools/zz.ts:1:1",
      "/app/.xmcp-dev/webpack/runtime/async_module:89:1",
      "/app/src/tools/other.ts:37:1",
    ],
    ["/app/src/tools/zz.ts:1:1"],
  ],
  [
    "Node and dependencies",
    [
      "node:internal/deps/undici/undici:1:5",
      "JSON.parse (<anonymous>)",
      "/app/src/a.ts:1:1",
      "/app/node_modules/b/c.js:1:1",
    ],
    ["/app/src/a.ts:1:1"],
  ],
  [
    "a file's place in another file",
    ["Module../src/a.ts (/app/src/a.ts:1:1)", "Object../src/b.ts (/app/src/a.ts:32:1)"],
    ["Module../src/a.ts (/app/src/a.ts:1:1)"],
  ],
  ["Node's inside, even if there is nothing else", ["node:internal/timers:1:5"], []],
  [
    "no dependency, if there is nothing else",
    ["/app/node_modules/b/c.js:1:1"],
    ["/app/node_modules/b/c.js:1:1"],
  ],
])("the stack leaves out %s", (_, frames, shown) => {
  const line = (frame: string) => `    at ${frame}`;
  const error = Object.assign(new Error("x"), { stack: ["Error: x", ...frames.map(line)].join("\n") });
  expect(readableError(error)).toBe(["Error: x", ...shown.map(line)].join("\n"));
});

it("what is no error is shown as it is, in one line", () => {
  const details = { code: 7, of: "x".repeat(80), more: ["y".repeat(80)] };
  expect(readableError(details)).toBe(`{ code: 7, of: '${"x".repeat(80)}', more: [ '${"y".repeat(80)}' ] }`);
});
