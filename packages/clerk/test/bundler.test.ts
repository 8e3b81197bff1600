import { declareToApp, serveOnNode, serveOnWorkers } from "@xmcp-dev/clerk/bundler";
import { describe, expect, it, vi } from "vitest";

const nodeBuild = {
  mode: "production",
  entry: { http: "/xmcp/http.js", other: "/other.js" },
  resolve: { alias: { known: "/known.js" }, extensions: [".ts"] },
  module: { rules: [{ test: /\.ts$/ }] },
};

describe("serveOnNode", () => {
  it("lets the Node build start with the plugin's server, and keeps everything else", () => {
    const changed = serveOnNode(nodeBuild);
    expect(changed.entry).toEqual({ http: "@xmcp-dev/clerk/serve", other: "/other.js" });
    expect(changed.resolve).toEqual({
      extensions: [".ts"],
      alias: {
        known: "/known.js",
        "xmcp-request-handler": expect.stringMatching(/xmcp\/dist\/runtime\/vercel\.js$/),
      },
    });
    expect(changed.module.rules).toHaveLength(2);
    expect(changed.mode).toBe("production");
  });

  it("does not change the configuration it is given", () => {
    const before = structuredClone({ entry: nodeBuild.entry, resolve: nodeBuild.resolve });
    serveOnNode(nodeBuild);
    expect({ entry: nodeBuild.entry, resolve: nodeBuild.resolve }).toEqual(before);
    expect(nodeBuild.module.rules).toHaveLength(1);
  });

  it("lets the Vercel build start with the same request handler", () => {
    const changed = serveOnNode({ ...nodeBuild, entry: { vercel: "/xmcp/vercel.js" } });
    expect(changed.entry).toEqual({ vercel: "@xmcp-dev/clerk/vercel" });
    expect(changed.resolve.alias).toHaveProperty("xmcp-request-handler");
  });

  it.each([
    ["that for Workers", { entry: { worker: "/xmcp/worker.js" } }],
    ["one without entries by name", { entry: "/xmcp/worker.js" }],
    ["one without an entry", {}],
  ])("leaves another build as it is: %s", (_, config) => {
    expect(serveOnNode(config)).toBe(config);
  });
});

describe("serveOnWorkers", () => {
  it("lets the Workers build start with the plugin's entry, and keeps everything else", () => {
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
  });

  it("leaves another build as it is", () => {
    expect(serveOnWorkers(nodeBuild)).toBe(nodeBuild);
  });
});

describe("declareToApp", () => {
  it("puts the declaration into the build, also where xmcp leaves packages out, as for Next.js", () => {
    type LeftOut = (left?: null, how?: string) => void;
    const leftOut = ({ request }: { request: string }, done: LeftOut) => done(null, `commonjs ${request}`);
    const { entry, externals } = declareToApp({ entry: { adapter: "/adapter.js" }, externals: [leftOut] });
    expect(entry).toEqual({ adapter: ["@xmcp-dev/clerk/declare", "/adapter.js"] });
    const requests = ["@xmcp-dev/clerk/declare", "zod"];
    const decisions = requests.map((request) => {
      const done = vi.fn<LeftOut>();
      externals[0]?.({ request }, done);
      return done.mock.calls;
    });
    expect(decisions).toEqual([[[]], [[null, "commonjs zod"]]]);
  });

  it("leaves another build as it is", () => {
    expect(declareToApp(nodeBuild)).toBe(nodeBuild);
  });
});
