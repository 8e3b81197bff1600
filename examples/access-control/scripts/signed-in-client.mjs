import assert from "node:assert/strict";
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import seed from "../seed.json" with { type: "json" };

/** @import { ClerkLocal } from "@xmcp-dev/clerk-local" */
/** @typedef {{ user: string, organization?: string }} Person */

/** A client can request only scopes that it is registered with at Clerk, so this one is registered with all of them. */
const [application] = seed.oauthApplications;

/** Signs in a person of the seed without a browser. */
export class SeededSignIn extends HeadlessSignIn {
  /** @type {string[]} the requested scopes of each sign-in */
  asked = [];

  /**
   * @param {ClerkLocal} clerk
   * @param {Person} person
   */
  constructor(clerk, person) {
    super({ loginHint: person.user });
    this.clerk = clerk;
    this.person = person;
    assert(application, "seed.json has no OAuth application");
    this.saveClientInformation({ client_id: application.clientId, issuer: clerk.issuer });
  }

  /**
   * @override
   * @param {URL} url
   */
  async redirectToAuthorization(url) {
    this.asked.push(url.searchParams.get("scope") ?? "");
    this.clerk.autoApprove(this.person);
    await super.redirectToAuthorization(url);
  }
}

/**
 * A real MCP client (SDK v2). It signs in when its first request is refused, and again when a tool requires more
 * scopes.
 *
 * @param {string} url of the MCP endpoint
 * @param {HeadlessSignIn} signIn
 * @param {typeof globalThis.fetch} [fetch]
 */
export async function signedInClient(url, signIn, fetch = globalThis.fetch) {
  const newClient = () => new Client({ name: "access-control", version: "1.0.0" });
  const transport = () => new StreamableHTTPClientTransport(new URL(url), { authProvider: signIn, fetch });
  const first = transport();
  await assert.rejects(
    newClient().connect(first),
    UnauthorizedError,
    "The server accepted a client without a token",
  );
  await first.finishAuth(signIn.answer ?? new URLSearchParams());
  const client = newClient();
  const connected = transport();
  await client.connect(connected);
  return {
    close: () => client.close(),

    async toolNames() {
      const { tools } = await client.listTools();
      return tools.map(({ name }) => name).sort();
    },

    /**
     * @param {string} name
     * @param {Record<string, unknown>} [args]
     */
    async call(name, args = {}) {
      const call = () => client.callTool({ name, arguments: args });
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof UnauthorizedError)) throw error;
        await connected.finishAuth(signIn.answer ?? new URLSearchParams());
        return await call();
      }
    },
  };
}
