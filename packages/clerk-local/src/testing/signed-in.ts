import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "@modelcontextprotocol/client";
import type { ClerkLocal } from "../control/clerk-local.js";
import { type TestServer, testServer } from "./test-server.js";

export interface SignedInOptions {
  /** Id, username or email. Default: the first user who is not banned, Ada. */
  user?: string | undefined;
  /** Id or slug of the organization that the user acts for, who must be a member. Adds `user:org:read`. Default: none. */
  organization?: string | undefined;
  /** The scopes that the user grants. Default: every scope that the server's metadata names. */
  scopes?: readonly string[] | undefined;
  /** Another credential in place of a user's token, such as an API key or a machine's token. */
  credential?: string | undefined;
  /** Default: {@link testServer} of the project in the working directory. */
  server?: TestServer | undefined;
}

/** A connected MCP client, with the server that it talks to. */
export interface SignedInClient extends Client {
  readonly server: TestServer;
}

/**
 * A connected MCP client that calls the project's built server as a user of the local Clerk. The first call builds
 * the project, if its sources have changed, and starts both. Everything ends with the process.
 *
 * @throws {Error} if there is no such user or organization, if the user is banned or no member of the organization, if the
 * server cannot be built or started, or if it refuses the client. Needs the package `@modelcontextprotocol/client`.
 */
export async function signedIn(options: SignedInOptions = {}): Promise<SignedInClient> {
  const { Client, StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
  const server = options.server ?? (await testServer());
  const credential = options.credential ?? (await tokenFor(server, options));
  const client = new Client({ name: "test", version: "1.0.0" });
  const fetchAs: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("authorization", `Bearer ${credential}`);
    return fetch(input, { ...init, headers }).catch((cause: unknown) => {
      throw new Error(`The server does not answer. Its output:\n${server.output()}`, { cause });
    });
  };
  const transport = new StreamableHTTPClientTransport(new URL(server.url), { fetch: fetchAs });
  const before = server.output().length;
  await client.connect(transport).catch(async (error: Error) => {
    throw new Error(`${error.message}${await reasonAfter(server, before)}`, { cause: error });
  });
  // Not enumerable: a failed assertion prints the client, and would print the secrets of the local Clerk.
  return Object.defineProperty(client, "server", { value: server }) as SignedInClient;
}

/** Why the server refused the last request, from its events: the answer says less. */
async function reasonAfter(server: TestServer, start: number): Promise<string> {
  // The server collects its events for a moment.
  for (let waited = 0; waited < EVENTS_WITHIN_MS; waited += POLL_MS) {
    const reason = /^\{"type":"deny".*?"reason":"(\w+)"/m.exec(server.output().slice(start))?.[1];
    if (reason !== undefined) return ` The server's reason: ${reason}.`;
    await delay(POLL_MS);
  }
  return "";
}

const EVENTS_WITHIN_MS = 1_000;
const POLL_MS = 25;

/** An access token such as a client gets that asks for these scopes, without the redirects of a sign-in. */
async function tokenFor(server: TestServer, options: SignedInOptions): Promise<string> {
  const { user, organization, scopes = await advertisedScopes(server) } = options;
  if (!Array.isArray(scopes)) throw new TypeError('signedIn: scopes is a list, e.g. ["profile"].');
  requireSignIn(server.clerk, user, organization);
  const { access_token } = await server.clerk.mint({
    ...(user !== undefined && { user }),
    ...(organization !== undefined && { organization }),
    scopes,
    resource: server.url,
  });
  return access_token;
}

/** Refuses whom the sign-in page would refuse: a test would pass with a caller that cannot exist. */
function requireSignIn(clerk: ClerkLocal, user: string | undefined, organization: string | undefined): void {
  const found = user === undefined ? clerk.users.list().find(({ banned }) => !banned) : clerk.users.get(user);
  if (found === undefined) return;
  const hint = "To test such a token, mint one with server.clerk.mint() and give it as `credential`.";
  if (found.banned) throw new Error(`${found.username} is banned and cannot sign in. ${hint}`);
  if (organization === undefined) return;
  const { id } = clerk.organizations.get(organization);
  if (!clerk.users.memberships(found.id).some(({ organizationId }) => organizationId === id))
    throw new Error(`${found.username} is not a member of ${organization}. ${hint}`);
}

/** `scopes_supported` of the protected resource metadata (RFC 9728). */
async function advertisedScopes({ origin }: TestServer): Promise<readonly string[]> {
  const response = await fetch(`${origin}/.well-known/oauth-protected-resource`);
  const { scopes_supported = [] } = (await response.json()) as { scopes_supported?: readonly string[] };
  return scopes_supported;
}
