import { afterEach, beforeEach, expect, it } from "vitest";
import { collectServerOutput, keepServerOutput, searchServerOutput } from "./support/server-output.js";

// The search of everything that the servers print happens after the last test; here it is shown that it finds something.

const ofSuite = process.env.SERVER_OUTPUT_FOLDER;
beforeEach(collectServerOutput);
afterEach(() => {
  process.env.SERVER_OUTPUT_FOLDER = ofSuite;
});

it.each([
  ["a JWT", "token eyJhbGciOiJSUzI1NiJ9.e30.x"],
  ["a bearer credential", '{"authorization":"Bearer abcdefgh"}'],
  ["a secret key", "sk_test_abc"],
  ["an opaque token", `oat_${"0".repeat(32)}`],
  ["an email address", "ada@example.com"],
])("%s in a log would be found", (name, line) => {
  keepServerOutput(`✔ MCP Server running\n${line}\n`);
  expect(searchServerOutput).toThrow(name);
});

it("what a server prints by design is not taken for one", () => {
  keepServerOutput('{"type":"grant","userId":"user_1","clientId":"client_1","scopes":["profile","email"]}\n');
  expect(searchServerOutput).not.toThrow();
});
