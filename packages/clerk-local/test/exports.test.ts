import * as clerkLocal from "@xmcp-dev/clerk-local";
import { expect, it } from "vitest";
import { standIn } from "./support/stand-in.js";

it("exports these names and no others", () => {
  expect(Object.keys(clerkLocal).sort()).toEqual(["createClerkLocal", "defaultSeed", "tokenKinds"]);
});

it("a local Clerk has these members and no others", async () => {
  const local = await standIn();
  expect(Object.keys(local).sort()).toEqual([
    "apiKeys",
    "apiUrl",
    "autoApprove",
    "clock",
    "close",
    "connectedAccounts",
    "env",
    "faults",
    "issuer",
    "jwtKey",
    "machines",
    "metadataClients",
    "mint",
    "organizations",
    "publishableKey",
    "requests",
    "revoke",
    "rotateKeys",
    "secretKey",
    "unref",
    "users",
  ]);
});
