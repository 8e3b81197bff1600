/** The TypeScript on the README and the guides, as files of a project. */
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { run } from "./support/program.js";
import { ROOT, templateCopy } from "./support/template.js";

const GUIDES = ["start", "build", "deploy"].flatMap((group) =>
  readdirSync(join(ROOT, "docs", group)).map((file) => `docs/${group}/${file}`),
);

/** The code on a page that says which file of a project it is. Parts of files in `examples/` are left out. */
function filesOn(page: string): { file: string; code: string }[] {
  const blocks = readFileSync(join(ROOT, page), "utf8").matchAll(
    /^```ts ((?:src|test)\/\S+)\n([\s\S]*?)^```$/gm,
  );
  return [...blocks].map(([, file = "", code = ""]) => ({ file, code }));
}

it("every file on the README and the guides type-checks", async () => {
  const cwd = await templateCopy();
  const written = new Set<string>();
  for (const { file, code } of ["README.md", ...GUIDES].flatMap(filesOn)) {
    // Several pages have a middleware.
    const name = written.has(file) ? file.replace(/\.ts$/, `-${written.size}.ts`) : file;
    written.add(name);
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), code);
  }
  expect(written.size).toBeGreaterThan(12);
  const { code, output } = await run("tsc", ["--noEmit"], { cwd });
  expect(code, output).toBe(0);
});
