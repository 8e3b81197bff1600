import { serveOnNode, serveOnWorkers } from "@xmcp-dev/clerk/bundler";
import { describe, expect, it } from "vitest";

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
