import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { run } from "./support/program.js";
import { collectServerOutput, keepServerOutput, searchServerOutput } from "./support/server-output.js";
import { emptyFolder } from "./support/template.js";

// The output of all servers is searched after the last test. These tests check that the search finds secrets.

const ofSuite = process.env.SERVER_OUTPUT_FOLDER;
beforeEach(collectServerOutput);
afterEach(() => {
  process.env.SERVER_OUTPUT_FOLDER = ofSuite;
});

it.each([
  ["a JWT", "token eyJhbGciOiJSUzI1NiJ9.e30.x"],
  ["a JWT", "/mcp?access_token%3DeyJhbGciOiJSUzI1NiJ9.e30.x"],
  ["a JWT", ".eyJzdWIiOiJ1c2VyXzEifQ"],
  ["a bearer credential", '{"authorization":"Bearer abcdefgh"}'],
  ["a secret key", "sk_test_abc"],
  ["an opaque token", `oat_${"0".repeat(32)}`],
  ["a provider's access token", `pvt_${"0".repeat(36)}`],
  ["an email address", "ada@example.com"],
])("%s in a log would be found", (name, line) => {
  keepServerOutput(`✔ MCP Server running\n${line}\n`);
  expect(searchServerOutput).toThrow(name);
});

it("the message does not repeat the secret, but says where it was", () => {
  keepServerOutput('sk_test_abc {"type":"grant","note":"eyJhbGciOiJSUzI1NiJ9"}');
  expect(searchServerOutput).toThrow(
    'a JWT, or a part of one, after "[…] {\\"type\\":\\"grant\\",\\"note\\":\\""',
  );
});

it.each([
  ["finds something", "sk_test_abc", 1, "1 passed, 1 failed"],
  ["finds nothing", "all is well", 0, "1 passed, 0 failed"],
])("a run whose search %s has the right result", async (_, line, code, closing) => {
  const root = await emptyFolder();
  const support = (name: string) => JSON.stringify(join(import.meta.dirname, "support", name));
  const options = `globals: true, globalSetup: [${support("searched-output.ts")}]`;
  const reporters = `reporters: [${support("closing-line.ts")}]`;
  await writeFile(join(root, "vitest.config.mjs"), `export default { test: { ${options}, ${reporters} } };`);
  const test = `import { keepServerOutput } from ${support("server-output.ts")};
    it("prints", () => keepServerOutput(${JSON.stringify(line)}));`;
  await writeFile(join(root, "prints.test.mjs"), test);
  const ended = await run("vitest", ["run", "--root", root], { cwd: root });
  expect(ended.output.trimEnd().split("\n").at(-1)).toBe(closing);
  expect(ended.code).toBe(code);
});

it("the search ignores what a server prints by design", () => {
  keepServerOutput('{"type":"grant","userId":"user_1","clientId":"client_1","scopes":["profile","email"]}\n');
  keepServerOutput('{"type":"tool","userId":"user_2aBcdeyJ0123456789abcdefghij"}\n');
  expect(searchServerOutput).not.toThrow();
});
