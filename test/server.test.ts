// The built server and the stand-in for Clerk, each on a free port: a real client signs in and calls a tool.
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { createClerkLocal } from "@xmcp-dev/clerk-local";
import { HeadlessSignIn, startServer } from "@xmcp-dev/clerk-local/testing";
import { afterAll, expect, it } from "vitest";

const clerk = await createClerkLocal({ port: 0, autoApprove: { user: "ada" } });
const server = await startServer(clerk.env);
afterAll(async () => {
  await server.stop();
  await clerk.close();
});

it("a request without a token is refused", async () => {
  const { status, headers } = await fetch(server.url, { method: "POST" });
  expect(status).toBe(401);
  expect(headers.get("www-authenticate")).toContain("resource_metadata=");
});

it("a client signs in, and the tools get its user", async () => {
  const client = await signedIn();
  const { structuredContent } = await client.callTool({ name: "get-user-info" });
  expect(structuredContent).toMatchObject({ userId: clerk.users.get("ada").id, firstName: "Ada" });
  await client.close();
});

async function signedIn(): Promise<Client> {
  const person = new HeadlessSignIn();
  const transport = () => new StreamableHTTPClientTransport(new URL(server.url), { authProvider: person });
  const first = transport();
  const refused = new Client({ name: "test", version: "1.0.0" }).connect(first);
  await expect(refused).rejects.toThrow(UnauthorizedError);
  await first.finishAuth(person.answer ?? new URLSearchParams());
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(transport());
  return client;
}
