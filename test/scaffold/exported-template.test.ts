import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { run } from "../support/program.js";
import { emptyFolder, ROOT } from "../support/template.js";
import { expectOk, tarballs } from "./fresh-app.js";

const TIMEOUT_MS = 5 * 60_000;

describe("npm run export-template", () => {
  let folder: string;
  beforeAll(async () => {
    folder = join(await emptyFolder(), "gallery template");
    await expectOk(ROOT, "npm", "run", "export-template", "--", folder);
  });

  it("writes what a gallery carries, and nothing else", async () => {
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
        "xmcp.config.ts",
      ].sort(),
    );
    const manifest = await readFile(join(folder, "package.json"), "utf8");
    expect(manifest).not.toMatch(/link:|workspace|scripts\//);
  });

  it("writes a README that names scripts and files that are there", async () => {
    const readme = await readFile(join(folder, "README.md"), "utf8");
    const { scripts } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
      scripts: object;
    };
    const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = ""]) => path);
    expect(links.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  });

  it("refuses a folder that is not empty, and leaves it alone", async () => {
    const taken = await emptyFolder();
    await writeFile(join(taken, "package.json"), "mine");
    const { code, output } = await run("node", ["scripts/export-template.mjs", taken], { cwd: ROOT });
    expect(code).toBe(1);
    expect(output).toContain("is not empty");
    expect(await readdir(taken)).toEqual(["package.json"]);
  });

  it("works from packed packages: install, demo, test", { timeout: TIMEOUT_MS }, async () => {
    const { plugin, standIn } = await tarballs();
    await expectOk(folder, "npm", "install", plugin, standIn);
    expect(await expectOk(folder, "npm", "run", "demo")).toContain("Everything works");
    expect(await expectOk(folder, "npm", "test")).toMatch(/Tests +2 passed/);
  });
});
