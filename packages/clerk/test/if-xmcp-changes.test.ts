import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import installed from "xmcp/package.json" with { type: "json" };
import { serveOnNode, serveOnWorkers } from "../src/adapters/xmcp/bundler.js";
import { guarded } from "../src/adapters/xmcp/guard.js";
import guardImportMap from "../src/adapters/xmcp/import-map-loader.js";
import { type FileModule, registry } from "../src/adapters/xmcp/registry.js";
import { TESTED_VERSION } from "../src/adapters/xmcp/tested-version.js";
import { runAsPublic } from "../src/session/context.js";

const MAP = `export const tools = {\n"src/tools/a.ts": () => import("../src/tools/a.ts"),\n};
export const prompts = {};
export const resources = {};`.replaceAll("= {}", "= {\n}");
const load = (source: string) => guardImportMap.call({ resourcePath: ".xmcp/import-map.js" }, source);
const GUARDED = Symbol.for("@xmcp-dev/clerk/guarded-import-maps");

afterEach(() => {
  delete (globalThis as { [GUARDED]?: boolean })[GUARDED];
  delete registry().tools;
});

describe("the build fails", () => {
  it.each([
    ["names its map otherwise", MAP.replace("tools = {", "files = {")],
    ["declares it otherwise", MAP.replace("export const prompts", "export let prompts")],
    ["has one map for all", "export const files = {\n};"],
    ["writes an empty map", ""],
  ])("if xmcp %s", (_, source) => {
    expect(() => load(source)).toThrow(/access rules would not apply. Install xmcp 1\.1\.3/);
  });

  it.each([
    ["Node", serveOnNode, { http: "./http.js" }],
    ["Vercel", serveOnNode, { vercel: "./vercel.js" }],
    ["Workers", serveOnWorkers, { worker: "./worker.js" }],
  ])("if xmcp collects the files elsewhere: %s", (_, put, entry) => {
    const { plugins } = put({ entry, plugins: [] }) as { plugins: { apply(compiler: object): void }[] };
    const compiled: ((compilation: { errors: Error[] }) => void)[] = [];
    const ignored = { tap: () => {} };
    const hooks = {
      afterDone: ignored,
      beforeRun: ignored,
      done: ignored,
      afterCompile: { tap: (_name: string, listener: (typeof compiled)[number]) => compiled.push(listener) },
    };
    for (const plugin of plugins) plugin.apply({ hooks, outputPath: "dist" });
    const errorsOf = () => {
      const compilation = { errors: [] as Error[] };
      for (const listener of compiled) listener(compilation);
      return compilation.errors.map(({ message }) => message);
    };
    expect(errorsOf()).toEqual([expect.stringContaining("access rules would not apply")]);
    load(MAP);
    expect(errorsOf()).toEqual([]);
  });
});

it("a map that is read before a request has no files, and the log says so once", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const files = guarded("tools", { "src/tools/a.ts": async () => ({}) });
  runAsPublic(() => expect(Object.keys(files)).toEqual([]));
  expect(log).not.toHaveBeenCalled();
  expect([Object.keys(files), Object.entries(files), { ...files }]).toEqual([[], [], {}]);
  expect(log.mock.calls).toEqual([[expect.stringContaining("outside of a checked request")]]);
});

it("the version that messages name is the one that is installed here", () => {
  expect(installed.version).toBe(TESTED_VERSION);
});

describe("a newer xmcp", () => {
  const FILES = ["dist/runtime/adapter-nextjs.js", "dist/runtime/cloudflare-worker.js"];

  /** A folder in which this version of xmcp is installed, with these files. */
  function installation(version: string, files: readonly string[] = FILES): void {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "xmcp-clerk-newer-")));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    write("node_modules/xmcp/package.json", JSON.stringify({ name: "xmcp", version }));
    for (const file of files) write(`node_modules/xmcp/${file}`, "");
    const exports = Object.fromEntries(
      ["guard", "import-map-loader", "stackless-error-loader"].map((name) => [`./${name}`, `./${name}.js`]),
    );
    write("node_modules/@xmcp-dev/clerk/package.json", JSON.stringify({ name: "@xmcp-dev/clerk", exports }));
    for (const file of Object.values(exports)) write(join("node_modules/@xmcp-dev/clerk", file), "");
    vi.spyOn(process, "cwd").mockReturnValue(folder);
  }

  it.each([
    ["Node", serveOnNode, { http: "./http.js" }, FILES[0]],
    ["Vercel", serveOnNode, { vercel: "./vercel.js" }, FILES[0]],
    ["Workers", serveOnWorkers, { worker: "./worker.js" }, FILES[1]],
  ])("that lacks a file ends the build with its version and the file: %s", (_, put, entry, file) => {
    installation("1.9.0", []);
    expect(() => put({ entry })).toThrow(`xmcp 1.9.0 has no file ${file}. Install xmcp 1.1.3`);
  });

  it.each([serveOnNode, serveOnWorkers])("that names its entries otherwise ends the build", (put) => {
    for (const entry of [{ fetch: "./fetch.js" }, "./http.js", undefined])
      expect(() => put({ entry })).toThrow(/an entry that this version does not know/);
  });

  it("builds with one warning, and its patch releases without", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    installation("1.1.9");
    serveOnNode({ entry: { http: "./http.js" } });
    expect(warn).not.toHaveBeenCalled();
    installation("1.8.0");
    serveOnNode({ entry: { http: "./http.js" } });
    serveOnNode({ entry: { vercel: "./vercel.js" } });
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^\[Clerk\] xmcp 1\.8\.0 is newer than 1\.1\.3/)],
    ]);
  });
});

/** Members of files that newer versions of xmcp read: they have to pass the guard. */
it("the guard keeps what it does not know of a file", async () => {
  const module = {
    default: () => "ran",
    metadata: { name: "a", icons: [{ src: "https://a.example/i.png" }], tags: ["t"], enabled: true },
    complete: { id: () => ["1"] },
  };
  guarded("tools", { "src/tools/a.ts": async () => module as FileModule });
  const { default: _, ...kept } = (await registry().tools?.load("src/tools/a.ts"))?.module ?? {};
  expect(kept).toMatchObject({ metadata: module.metadata, complete: module.complete });
});
