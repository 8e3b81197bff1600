import { withSession } from "@xmcp-dev/clerk/testing";
import { signedIn } from "@xmcp-dev/clerk-local/testing";
import { expect, it } from "vitest";
import greet from "../src/tools/greet";

it("greets the caller", () => {
  const { structuredContent } = withSession({ user: "user_ada" }, () => greet({ name: "World" }));
  expect(structuredContent).toEqual({
    greeting: "Hello, World! You are signed in as user_ada.",
    userId: "user_ada",
  });
});

it("greets a signed-in client over HTTP", async () => {
  const ada = await signedIn({ user: "ada", organization: "acme" });
  const { structuredContent } = await ada.callTool({ name: "greet", arguments: { name: "World" } });
  expect(structuredContent).toMatchObject({ userId: ada.server.clerk.users.get("ada").id });
});

it("refuses a client without a valid token", async () => {
  await expect(signedIn({ credential: "not-a-token" })).rejects.toThrow("invalid_token");
});
