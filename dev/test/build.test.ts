import { existsSync } from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "./support/program.js";
import { edit, templateCopy } from "./support/template.js";

const GREET = "src/tools/greet.ts";
const ARTEFACT = "dist/http.js";

it("npm run build fails on a type error in a tool", async () => {
  const cwd = await templateCopy();
  await edit(join(cwd, GREET), "const { userId }", "const { userID: userId }");
  const { code, output } = await run("npm", ["run", "build"], { cwd });
  expect(code, output).not.toBe(0);
  expect(output).toContain("greet.ts");
});

it.each([
  ["http", "xmcp", ["build"]],
  ["Workers", "xmcp", ["build", "--cf"]],
])("a build fails on an error that only the bundler finds, %s", async (target, program, args) => {
  const cwd = await templateCopy();
  // `@ts-ignore` hides the missing module from the type checker.
  await appendFile(join(cwd, GREET), '// @ts-ignore\nimport "missing";\n');
  await mkdir(join(cwd, "dist"));
  await writeFile(join(cwd, ARTEFACT), "a previous build");
  const { code, output } = await run(program, args, { cwd });
  expect(code, output).not.toBe(0);
  expect(output).toContain("missing");
  if (target === "http") expect(existsSync(join(cwd, ARTEFACT)), "the previous build is gone").toBe(false);
});
