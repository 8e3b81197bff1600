import { existsSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "./support/program.js";
import { edit, templateCopy } from "./support/template.js";

const GREET = "src/tools/greet.ts";

const MISTAKES: [string, (tool: string) => Promise<void>][] = [
  ["a type error", (tool) => edit(tool, "const { userId }", "const { userID: userId }")],
  ["a syntax error", (tool) => appendFile(tool, "export const = ;\n")],
  ["a missing module", (tool) => appendFile(tool, 'import "./missing";\n')],
  // The type checker is silenced, so that only the check of the artefact is left.
  [
    "a missing module that the type checker overlooks",
    (tool) => appendFile(tool, '// @ts-ignore\nimport "missing";\n'),
  ],
];

it.each(MISTAKES)(
  "npm run build fails on %s in a tool, and leaves no old artefact",
  async (_name, mistake) => {
    const cwd = await templateCopy();
    await mistake(join(cwd, GREET));
    const { code, output } = await run("npm", ["run", "build"], { cwd });
    expect(code, output).toBe(1);
    expect(output).toMatch(/greet\.ts|missing/);
    expect(existsSync(join(cwd, "dist/http.js"))).toBe(false);
  },
);
