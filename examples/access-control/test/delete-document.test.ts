import { resolve } from "node:path";
import { signedIn, type TestServer, testServer } from "@xmcp-dev/clerk-local/testing";
import { beforeAll, expect, it } from "vitest";
import seed from "../seed.json" with { type: "json" };

const DELETE = { name: "delete-document", arguments: { id: "none" } };
const scopes = ["user:org:read", "documents:write"];
let server: TestServer;
beforeAll(async () => {
  server = await testServer({ cwd: resolve(import.meta.dirname, ".."), clerk: { seed } });
});

it("an administrator may delete documents", async () => {
  const ada = await signedIn({ user: "ada", organization: "acme", scopes, server });
  const { content } = await ada.callTool(DELETE);
  expect(content).toMatchObject([{ text: expect.stringContaining("There is no document none") }]);
});

it("a member may not", async () => {
  const bob = await signedIn({ user: "bob", organization: "acme", scopes, server });
  await expect(bob.callTool(DELETE)).rejects.toThrow("org:documents:delete");
});
