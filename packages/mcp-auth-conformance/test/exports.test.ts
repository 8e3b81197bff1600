import { expect, it } from "vitest";

it("the package exports what it documents, and nothing else", async () => {
  expect(Object.keys(await import("mcp-auth-conformance")).sort()).toEqual([
    "TargetNotStarted",
    "TokenCommandFailed",
    "allCases",
    "commandTarget",
    "runConformance",
    "runningTarget",
    "textReport",
    "tokenKinds",
    "totalsLine",
    "totalsText",
  ]);
});
