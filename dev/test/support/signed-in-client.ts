import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import { expect } from "vitest";
import { atEnd } from "./at-end.js";

/** A client of the MCP SDK, signed in after its first refused request. */
export async function signedInClient(url: string, person = new HeadlessSignIn()): Promise<Client> {
  const connected = () => {
    const client = new Client({ name: "test", version: "1.0.0" });
    const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: person });
    return { client, transport, connecting: client.connect(transport) };
  };
  const first = connected();
  await expect(first.connecting).rejects.toThrow(UnauthorizedError);
  await first.transport.finishAuth(person.answer ?? new URLSearchParams());
  const { client, connecting } = connected();
  await connecting;
  atEnd(() => client.close());
  return client;
}
