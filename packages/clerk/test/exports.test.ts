import * as bundler from "@xmcp-dev/clerk/bundler";
import * as fetchHandler from "@xmcp-dev/clerk/fetch";
import * as testing from "@xmcp-dev/clerk/testing";
import { expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };

it("the package exports what it documents, and nothing else", async () => {
  expect(Object.keys(await import("@xmcp-dev/clerk")).sort()).toEqual([
    "AccessDenied",
    "ClerkConfigError",
    "ClerkFailure",
    "ConnectionRequired",
    "clerkMcp",
    "clerkProvider",
    "getClient",
    "getConnectedAccount",
    "getOptionalSession",
    "getSession",
    "getUser",
  ]);
  expect(Object.keys(fetchHandler)).toEqual(["withClerk"]);
  expect(Object.keys(testing)).toEqual(["withSession"]);
  expect(Object.keys(bundler).sort()).toEqual(["declareToApp", "serveOnNode", "serveOnWorkers"]);
  expect(Object.keys(manifest.exports)).toEqual([
    ".",
    "./bundler",
    "./fetch",
    "./guard",
    "./import-map-loader",
    "./stackless-error-loader",
    "./testing",
    "./serve",
    "./vercel",
    "./cloudflare",
    "./package.json",
  ]);
});
