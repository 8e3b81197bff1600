import * as bundler from "@xmcp-dev/clerk/bundler";
import { expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };

it("the package exports what it documents, and nothing else", async () => {
  expect(Object.keys(await import("@xmcp-dev/clerk")).sort()).toEqual([
    "AccessDenied",
    "ClerkConfigError",
    "ClerkFailure",
    "clerkProvider",
    "getClient",
    "getSession",
    "getUser",
  ]);
  expect(Object.keys(bundler)).toEqual(["serveOnNode", "serveOnWorkers"]);
  expect(Object.keys(manifest.exports)).toEqual([
    ".",
    "./bundler",
    "./serve",
    "./cloudflare",
    "./package.json",
  ]);
});
