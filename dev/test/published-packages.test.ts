import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { describe, expect, it } from "vitest";
import { packed } from "./support/packed.js";
import { run } from "./support/program.js";
import { emptyFolder, ROOT } from "./support/template.js";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly [property: string]: unknown;
}

const PACKAGES = ["clerk", "clerk-local", "mcp-auth-conformance"];

/** This rule is about older versions: Node 20.19 and newer can `require` an ES module. */
const REQUIRES_MODULES = "cjs-resolves-to-esm";

describe.each(PACKAGES)("the tarball of %s", async (name) => {
  const manifest = JSON.parse(
    await readFile(join(ROOT, "packages", name, "package.json"), "utf8"),
  ) as Manifest;
  const { file, contents } = await packed(name, await emptyFolder());

  it("has only code, declarations, sources for both, licence, changelog and README", () => {
    expect(contents).toEqual(
      expect.arrayContaining(["LICENSE", "CHANGELOG.md", "README.md", "dist/index.js", "dist/index.d.ts"]),
    );
    const expected =
      /^(package\.json|LICENSE|CHANGELOG\.md|README\.md|bin\/[\w-]+\.js|src\/.*\.ts|dist\/.*\.(js|d\.ts)(\.map)?)$/;
    expect(contents.filter((path) => !expected.test(path) || path.includes(".test."))).toEqual([]);
  });

  it("has a description, and its changelog has its version", async () => {
    expect(manifest).toMatchObject({
      description: expect.any(String),
      keywords: expect.arrayContaining(["mcp"]),
      license: "MIT",
      engines: { node: ">=20.19" },
    });
    const changelog = await readFile(join(ROOT, "packages", name, "CHANGELOG.md"), "utf8");
    expect(changelog).toContain(`## ${manifest.version}\n`);
  });

  it("passes publint", async () => {
    const tarball = new Uint8Array(await readFile(file)).buffer;
    const { messages } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, manifest, { color: false }))).toEqual([]);
  });

  it("resolves with its types in every module resolution of TypeScript", async () => {
    const { code, output } = await run("attw", [file, "--ignore-rules", REQUIRES_MODULES], { cwd: ROOT });
    expect(code, output).toBe(0);
  });
});

it("the plugin and the local Clerk have the same version, which `add` writes for both", async () => {
  const versions = await Promise.all(
    ["clerk", "clerk-local"].map(async (name) => {
      const text = await readFile(join(ROOT, "packages", name, "package.json"), "utf8");
      return (JSON.parse(text) as Manifest).version;
    }),
  );
  expect(new Set(versions).size).toBe(1);
});
