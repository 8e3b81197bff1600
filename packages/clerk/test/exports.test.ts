import * as bundler from "@xmcp-dev/clerk/bundler";
import { expect, it } from "vitest";

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
  expect(Object.keys(bundler)).toEqual(["serveOnNode"]);
});
