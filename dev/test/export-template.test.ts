import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { run } from "./support/program.js";
import { emptyFolder, ROOT } from "./support/template.js";

const exported = (folder: string) => run("node", ["dev/scripts/export-template.mjs", folder], { cwd: ROOT });

describe("npm run --prefix dev export-template", () => {
  let folder: string;
  beforeAll(async () => {
    folder = join(await emptyFolder(), "gallery template");
    const { code, output } = await exported(folder);
    expect(code, output).toBe(0);
  });
  const read = (file: string) => readFile(join(folder, file), "utf8");

  it("writes only the files that a gallery carries", async () => {
    const entries = await readdir(folder);
    expect(entries.sort()).toEqual(
      [
        ".cursor",
        ".env.example",
        ".gitignore",
        ".mcp.json",
        ".vscode",
        "README.md",
        "package.json",
        "src",
        "test",
        "tsconfig.json",
        "wrangler.jsonc",
        "xmcp.config.ts",
      ].sort(),
    );
    expect(await read("package.json")).not.toMatch(/link:|workspace|"dev\/|--prefix/);
  });

  it("writes a README that names only scripts and files that exist", async () => {
    const readme = await read("README.md");
    const { scripts } = JSON.parse(await read("package.json")) as { scripts: object };
    const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
    const linked = [...readme.matchAll(/(?:\]\(|src=")(?!https?:|#)([^)"#]+)/g)].map(([, path = ""]) => path);
    const files = [...readme.matchAll(/^\| (`.*?`) \|/gm)]
      .flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name))
      .filter((name) => !/^(npm|@)/.test(name));
    expect(files).toContain("xmcp.config.ts");
    expect([...linked, ...files].filter((path) => !existsSync(join(folder, path)))).toEqual([]);
    expect(readme).not.toMatch(/docs\/|packages\/|examples\/|bench/);
  });

  it("refuses a folder that is not empty, and leaves it unchanged", async () => {
    const taken = await emptyFolder();
    await writeFile(join(taken, "package.json"), "mine");
    const { code, output } = await exported(taken);
    expect(code).toBe(1);
    expect(output).toContain("is not empty");
    expect(await readdir(taken)).toEqual(["package.json"]);
  });
});
