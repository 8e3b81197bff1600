import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { run } from "./support/program.js";
import { emptyFolder, ROOT } from "./support/template.js";

const ENTRIES = [
  ".cursor",
  ".dockerignore",
  ".env.example",
  ".github",
  ".gitignore",
  ".mcp.json",
  ".vscode",
  "AGENTS.md",
  "Dockerfile",
  "LICENSE",
  "README.md",
  "docs",
  "package.json",
  "src",
  "test",
  "tsconfig.json",
  "vitest.config.mts",
  "wrangler.jsonc",
  "xmcp.config.ts",
];
const FROM_A_REGISTRY = expect.stringMatching(/^[\^\d]/);

interface Exported {
  readonly folder: string;
  readonly readme: string;
  readonly agents: string;
  /** The index of the documentation, docs/llms.txt. */
  readonly index: string;
  readonly dockerignore: string;
  readonly manifest: {
    readonly scripts: Readonly<Record<string, string>>;
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
}

const exportTo = (folder: string, options: readonly string[] = [], env: Record<string, string> = {}) =>
  run("node", ["dev/scripts/export-template.mjs", ...options, folder], { cwd: ROOT, env });

async function exported(
  options: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Exported> {
  const folder = join(await emptyFolder(), "my server");
  const { code, output } = await exportTo(folder, options, env);
  expect(code, output).toBe(0);
  const read = (file: string) => readFile(join(folder, file), "utf8");
  return {
    folder,
    readme: await read("README.md"),
    agents: await read("AGENTS.md"),
    index: await read("docs/llms.txt"),
    dockerignore: await read(".dockerignore"),
    manifest: JSON.parse(await read("package.json")) as Exported["manifest"],
  };
}

/** The scripts and files that a page names, and what it links to here. */
function namedIn(page: string): { scripts: string[]; files: string[] } {
  const matches = (pattern: RegExp, text = page) =>
    [...text.matchAll(pattern)].map(([, found = ""]) => found);
  const cells = matches(/^\| (`.*?`) \|/gm).flatMap((cell) => matches(/`([^`]+)`/g, cell));
  const links = matches(/\]\((?!https?:|#)([^)#]+)/g).map(decodeURI);
  return {
    scripts: matches(/npm run ([\w:-]+)/g),
    files: [...links, ...cells.filter((name) => !/^(npm|npx|@)/.test(name))],
  };
}

describe("npm run export-template", () => {
  let template: Exported;
  beforeAll(async () => {
    template = await exported();
  });

  it("writes the template, and the packages as tarballs", async () => {
    expect((await readdir(template.folder)).sort()).toEqual([...ENTRIES, "vendor"].sort());
    const { scripts, dependencies, devDependencies } = template.manifest;
    const { "@xmcp-dev/clerk": plugin, ...others } = dependencies;
    const { "@xmcp-dev/clerk-local": standIn, ...more } = devDependencies;
    const tarballs = await readdir(join(template.folder, "vendor"));
    expect([plugin, standIn].sort()).toEqual(tarballs.map((file) => `file:vendor/${file}`).sort());
    for (const range of Object.values({ ...others, ...more })) expect(range).toEqual(FROM_A_REGISTRY);
    expect(Object.values(scripts).join()).not.toMatch(/dev\/|--prefix/);
    expect(template.dockerignore).toContain("\n!vendor\n");
  });

  it("writes pages that name only scripts and files that exist", async () => {
    const { scripts, files } = namedIn(template.readme + template.agents);
    expect(Object.keys(template.manifest.scripts)).toEqual(expect.arrayContaining(scripts));
    expect(files).toEqual(expect.arrayContaining(["xmcp.config.ts", "vendor/"]));
    expect(files.filter((path) => !existsSync(join(template.folder, path)))).toEqual([]);
  });

  it("shows the README's examples", async () => {
    const examples = (page: string) => page.match(/^```ts [\s\S]*?^```$/gm);
    expect(examples(template.readme)).toEqual(examples(await readFile(join(ROOT, "README.md"), "utf8")));
  });

  it("links its pages and the index for assistants to the documentation: here, or on GitHub", async () => {
    const here = (from: string) => encodeURI(relative(from, join(ROOT, "docs")));
    const origin = "https://user:secret@github.com/acme/xmcp-clerk.git";
    const clone = await exported(["--versions"], {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "remote.origin.url",
      GIT_CONFIG_VALUE_0: origin,
    });
    const onGitHub = "https://github.com/acme/xmcp-clerk/blob/HEAD/docs";
    for (const [{ readme, agents, index }, docs, fromIndex] of [
      [template, here(template.folder), here(join(template.folder, "docs"))],
      [clone, onGitHub, onGitHub],
    ] as const) {
      for (const page of [readme, agents]) expect(page).toContain(`](${docs}/README.md)`);
      expect(index).toContain(`](${fromIndex}/start/quickstart.md)`);
      expect(readme).not.toContain("user:secret");
    }
  });

  it("with --versions writes no tarballs: the packages come from a registry", async () => {
    const { folder, readme, agents, dockerignore, manifest } = await exported(["--versions"]);
    expect((await readdir(folder)).sort()).toEqual(ENTRIES);
    expect(manifest.dependencies["@xmcp-dev/clerk"]).toMatch(/^\^\d/);
    expect(manifest.devDependencies["@xmcp-dev/clerk-local"]).toMatch(/^\^\d/);
    expect(readme + agents + dockerignore).not.toMatch(/vendor|tarball/);
  });

  it("refuses a folder that is not empty, and leaves it unchanged", async () => {
    const taken = await emptyFolder();
    await writeFile(join(taken, "package.json"), "mine");
    const { code, output } = await exportTo(taken);
    expect(code).toBe(1);
    expect(output).toContain("is not empty");
    expect(await readdir(taken)).toEqual(["package.json"]);
  });
});
