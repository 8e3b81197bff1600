import type { Client } from "@modelcontextprotocol/client";
import { type TestServer, testServer } from "./test-server.js";

export interface SignedInOptions {
  /** Id, username or email. Default: the first user who is not banned, Ada. */
  user?: string | undefined;
  /** Id or slug of the organization that the user acts for. Default: none. */
  organization?: string | undefined;
  /** What the user grants. Default: every scope that the server's metadata names. */
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
 * A connected MCP client that calls the project's built server as a user of the stand-in for Clerk. The first call builds
 * the project, if its sources have changed, and starts both. Everything ends with the process.
 *
 * @throws {Error} if there is no such user or organization, if the server cannot be built or started, or if it refuses the
 * client. Needs the package `@modelcontextprotocol/client`.
 */
export async function signedIn(options: SignedInOptions = {}): Promise<SignedInClient> {
  const { Client, StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
  const server = options.server ?? (await testServer());
  const credential = options.credential ?? (await tokenFor(server, options));
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(server.url), {
      requestInit: { headers: { authorization: `Bearer ${credential}` } },
    }),
  );
  return Object.assign(client, { server });
}

/** An access token such as a client gets that asks for these scopes, without the redirects of a sign-in. */
async function tokenFor(server: TestServer, options: SignedInOptions): Promise<string> {
  const { user, organization, scopes = await advertisedScopes(server) } = options;
  const { access_token } = await server.clerk.mint({
    ...(user !== undefined && { user }),
    ...(organization !== undefined && { organization }),
    scopes,
    resource: server.url,
  });
  return access_token;
}

/** `scopes_supported` of the protected resource metadata (RFC 9728). */
async function advertisedScopes({ origin }: TestServer): Promise<readonly string[]> {
  const response = await fetch(`${origin}/.well-known/oauth-protected-resource`);
  const { scopes_supported = [] } = (await response.json()) as { scopes_supported?: readonly string[] };
  return scopes_supported;
}
