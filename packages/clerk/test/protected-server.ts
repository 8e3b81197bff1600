import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type ClerkEvent,
  type ClerkProviderOptions,
  clerkProvider,
  type ExpressRequest,
} from "@xmcp-dev/clerk";
import { type ClerkLocal, type ClerkLocalOptions, createClerkLocal } from "@xmcp-dev/clerk-local";

/** Stands in for a tool. Its result is answered as JSON, an error as 500 with name and message. */
export type Tool = (request: ExpressRequest, response: ServerResponse) => unknown;

export interface ProtectedServer {
  readonly origin: string;
  /** The MCP endpoint, which is also the audience of its tokens. */
  readonly url: string;
  readonly events: ClerkEvent[];
  /** Paths of the requests that got past the middleware. */
  readonly reached: string[];
  /** Requests a path of this server, with the token if one is given. */
  fetch(path: string, token?: string, init?: RequestInit): Promise<Response>;
  /** Calls a tool at the MCP endpoint. */
  call(token?: string, tool?: string): Promise<Response>;
}

/** Closes what the test file has opened. */
const closers: (() => unknown)[] = [];

/** Closes everything. `close-servers.ts` calls it at the end of each file. */
export async function closeServers(): Promise<void> {
  await Promise.all(closers.splice(0).map((close) => close()));
  for (const listener of closedListeners) listener();
}

const closedListeners: (() => void)[] = [];

/** For modules that keep a server and outlive the test file. */
export function onServersClosed(listener: () => void): void {
  closedListeners.push(listener);
}

/** Starts a local Clerk, which is closed after the test file. */
export async function localClerk(options: ClerkLocalOptions = {}): Promise<ClerkLocal> {
  const clerk = await createClerkLocal({ port: 0, ...options });
  closers.push(() => clerk.close());
  return clerk;
}

/** The options that point a server at the local Clerk. */
export function optionsFor(clerk: ClerkLocal): ClerkProviderOptions {
  return { secretKey: clerk.secretKey, clerkDomain: clerk.issuer, apiUrl: clerk.apiUrl, onEvent: false };
}

/** A real HTTP server on a free port. @returns its origin. */
export async function listening(handle: RequestListener): Promise<string> {
  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A real HTTP server behind `clerkProvider()`. */
export async function protectedServer(
  clerk: ClerkLocal,
  options: ClerkProviderOptions = {},
  tool: Tool = () => ({ passed: true }),
): Promise<ProtectedServer> {
  const origin = await listening((request, response) => handle(request, response));
  const events: ClerkEvent[] = [];
  const reached: string[] = [];
  const middleware = clerkProvider({
    ...optionsFor(clerk),
    baseURL: origin,
    onEvent: (event) => events.push(event),
    ...options,
  });

  function handle(request: IncomingMessage, response: ServerResponse): void {
    middleware(request, response, (error) => {
      reached.push(String(request.url));
      void answer(request, response, error);
    });
  }

  async function answer(request: ExpressRequest, response: ServerResponse, error: unknown): Promise<void> {
    let body: unknown;
    try {
      if (error !== undefined) throw error;
      body = await tool(request, response);
    } catch (thrown) {
      response.statusCode = 500;
      const { name, message } = thrown as Error;
      body = { name, message };
    }
    if (!response.writableEnded) response.end(JSON.stringify(body));
  }

  const send = (path: string, token?: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (typeof init.body === "string" && !headers.has("content-type"))
      headers.set("content-type", "application/json");
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    return fetch(`${origin}${path}`, { ...init, headers });
  };
  return {
    origin,
    url: `${origin}/mcp`,
    events,
    reached,
    fetch: send,
    call: (token, name = "greet") =>
      send("/mcp", token, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name, arguments: {} },
        }),
      }),
  };
}
