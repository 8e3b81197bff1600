import { afterEach, describe, expect, it, vi } from "vitest";
import { serveOnNode, serveOnWorkers } from "../src/adapters/xmcp/bundler.js";
import { guarded } from "../src/adapters/xmcp/guard.js";
import guardImportMap from "../src/adapters/xmcp/import-map-loader.js";
import { registry } from "../src/adapters/xmcp/registry.js";
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
    expect(() => load(source)).toThrow(/access rules would not apply. Install the xmcp version that/);
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
