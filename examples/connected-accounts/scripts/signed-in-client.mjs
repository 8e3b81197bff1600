import assert from "node:assert/strict";
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";

/**
 * A real MCP client (SDK v2), whose user signs in without a browser.
 *
 * @param {string} url of the MCP endpoint
 * @param {string} user
 * @param {(page: { url: string, message: string }) => void} [openPage] Default: the client cannot open pages
 */
export async function signedInClient(url, user, openPage) {
  const signIn = new HeadlessSignIn({ loginHint: user });
  const transport = () => new StreamableHTTPClientTransport(new URL(url), { authProvider: signIn });
  const first = transport();
  await assert.rejects(
    clientOf(openPage).connect(first),
    UnauthorizedError,
    "The server let a client in without a token",
  );
  await first.finishAuth(signIn.answer ?? new URLSearchParams());
  const client = clientOf(openPage);
  await client.connect(transport());
  return {
    close: () => client.close(),
    /** @param {string} name */
    call: (name) => client.callTool({ name, arguments: {} }),
  };
}

/** @param {((page: { url: string, message: string }) => void) | undefined} openPage */
function clientOf(openPage) {
  const client = new Client(
    { name: "connected-accounts", version: "1.0.0" },
    {
      capabilities: openPage ? { elicitation: { url: {} } } : {},
      versionNegotiation: { mode: { pin: "2026-07-28" } },
    },
  );
  if (openPage)
    client.setRequestHandler("elicitation/create", ({ params }) => {
      assert(params.mode === "url", "The server asks for something else than a page");
      openPage(params);
      return { action: "accept" };
    });
  return client;
}
