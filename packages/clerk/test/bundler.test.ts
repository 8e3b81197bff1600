import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { declareToApp, serveOnNode, serveOnWorkers } from "@xmcp-dev/clerk/bundler";
import { describe, expect, it, vi } from "vitest";
import guardImportMap from "../src/adapters/xmcp/import-map-loader.js";

const nodeBuild = {
  mode: "production",
  entry: { http: "/xmcp/http.js", other: "/other.js" },
  resolve: { alias: { known: "/known.js" }, extensions: [".ts"] },
  module: { rules: [{ test: /\.ts$/ }] },
};

/** Puts the guard into xmcp's map of files. */
const GUARD_LOADER = {
  test: expect.any(RegExp),
  use: [{ loader: expect.stringMatching(/import-map-loader\.js$/) }],
};

describe("serveOnNode", () => {
  it("makes the plugin's server the entry of the Node build, and keeps everything else", () => {
    const changed = serveOnNode(nodeBuild);
    expect(changed.entry).toEqual({ http: "@xmcp-dev/clerk/serve", other: "/other.js" });
    expect(changed.resolve).toEqual({
      extensions: [".ts"],
      alias: {
        known: "/known.js",
        "xmcp-handler": expect.stringMatching(/xmcp\/dist\/runtime\/adapter-nextjs\.js$/),
      },
    });
    expect(changed.module.rules).toHaveLength(4);
    expect(changed.module.rules).toContainEqual(GUARD_LOADER);
    expect(changed.mode).toBe("production");
  });

  it("does not mutate its argument", () => {
    const before = structuredClone({ entry: nodeBuild.entry, resolve: nodeBuild.resolve });
    serveOnNode(nodeBuild);
    expect({ entry: nodeBuild.entry, resolve: nodeBuild.resolve }).toEqual(before);
    expect(nodeBuild.module.rules).toHaveLength(1);
  });

  it("makes the same request handler the entry of the Vercel build", () => {
    const changed = serveOnNode({ ...nodeBuild, entry: { vercel: "/xmcp/vercel.js" } });
    expect(changed.entry).toEqual({ vercel: "@xmcp-dev/clerk/vercel" });
    expect(changed.resolve.alias).toHaveProperty("xmcp-handler");
  });

  it.each([
    ["the Workers build", { entry: { worker: "/xmcp/worker.js" } }],
    ["the build for standard input", { entry: { stdio: "/xmcp/stdio.js" } }],
  ])("leaves other builds unchanged: %s", (_, config) => {
    expect(serveOnNode(config)).toBe(config);
  });
});

describe("serveOnWorkers", () => {
  it("replaces the entry of the Workers build, and keeps everything else", () => {
    const { entry, resolve, ...rest } = serveOnWorkers({
      ...nodeBuild,
      entry: { worker: "/xmcp/worker.js" },
    });
    expect(entry).toEqual({ worker: "@xmcp-dev/clerk/cloudflare" });
    expect(resolve.alias).toEqual({
      known: "/known.js",
      "xmcp-worker": expect.stringMatching(/xmcp\/dist\/runtime\/cloudflare-worker\.js$/),
    });
    expect(rest.mode).toBe("production");
    expect(rest.module.rules).toContainEqual(GUARD_LOADER);
  });

  it("leaves other builds unchanged", () => {
    expect(serveOnWorkers(nodeBuild)).toBe(nodeBuild);
  });
});

describe("declareToApp", () => {
  it("bundles the guard, also where xmcp leaves packages external, as for Next.js", () => {
    type LeftOut = (left?: null, how?: string) => void;
    const leftOut = ({ request }: { request: string; context?: string }, done: LeftOut) =>
      done(null, `commonjs ${request}`);
    const { entry, externals, ...rest } = declareToApp({
      entry: { adapter: "/adapter.js" },
      externals: [leftOut],
    });
    expect(entry).toEqual({ adapter: "/adapter.js" });
    expect(rest).toMatchObject({ module: { rules: [GUARD_LOADER] } });
    const guard = dirname(fileURLToPath(import.meta.resolve("@xmcp-dev/clerk/guard")));
    const imports = [
      { request: "@xmcp-dev/clerk/guard" },
      { request: "../../session/context.js", context: guard },
      { request: "../session/context.js", context: "/app/src" },
      { request: "lru-cache", context: guard },
      { request: "zod", context: "/app/src" },
    ];
    const decisions = imports.map((each) => {
      const done = vi.fn<LeftOut>();
      externals[0]?.(each, done);
      return done.mock.calls;
    });
    expect(decisions).toEqual([
      [[]],
      [[]],
      [[null, "commonjs ../session/context.js"]],
      [[]],
      [[null, "commonjs zod"]],
    ]);
  });

  it("leaves other builds unchanged", () => {
    expect(declareToApp(nodeBuild)).toBe(nodeBuild);
  });
});

describe("the loader of xmcp's map of files", () => {
  const load = (source: string) => guardImportMap.call({ resourcePath: ".xmcp/import-map.js" }, source);
  const MAP = ["tools", "prompts", "resources"].map((kind) => `export const ${kind} = {\n};\n`).join("");

  it("puts the guard around each kind of file, and keeps the rest", () => {
    const loaded = load(`${MAP}export const middleware = () => import("../src/middleware.ts");`);
    for (const kind of ["tools", "prompts", "resources"])
      expect(loaded).toContain(`export const ${kind} = guarded("${kind}", ${kind}Files);`);
    expect(loaded).toContain('export const middleware = () => import("../src/middleware.ts");');
  });

  it.each(["tools", "prompts", "resources"])(
    "fails the build if the map has no %s in the known form",
    (kind) => {
      expect(() => load(MAP.replace(`const ${kind} =`, `let ${kind} =`))).toThrow(
        /access rules would not apply/,
      );
    },
  );
});
