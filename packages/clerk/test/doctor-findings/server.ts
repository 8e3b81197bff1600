import { setTimeout as delay } from "node:timers/promises";
import type { Passing } from "../doctor-scene/front.js";
import type { Scene } from "../doctor-scene/scene.js";
import { localClerk } from "../protected-server.js";
import { NOBODY } from "./environment.js";
import type { Provocation } from "./provocation.js";

const METADATA = "/.well-known/oauth-protected-resource";
const RELAY = "/.well-known/oauth-authorization-server";

/** Changes the answers to messages at the endpoint. */
const atEndpoint =
  (change: (passing: Passing) => unknown) =>
  ({ front }: Scene): void =>
    front.alter((passing) =>
      passing.path === "/mcp" && passing.method === "POST" ? change(passing) : undefined,
    );

/** Changes a JSON document at these paths. */
const inDocument =
  (path: string, change: (document: Record<string, unknown>) => unknown) =>
  ({ front }: Scene): void =>
    front.alter((passing) => {
      if (!passing.path.startsWith(path) || passing.status !== 200) return;
      const document = JSON.parse(passing.body) as Record<string, unknown>;
      change(document);
      passing.body = JSON.stringify(document);
    });

const challenged = (value: string) =>
  atEndpoint(({ headers }) => void headers.set("www-authenticate", value));

const answered = (status: number, body: object = {}) =>
  atEndpoint((passing) => {
    passing.status = status;
    passing.body = JSON.stringify(body);
    passing.headers.delete("www-authenticate");
  });

const hasToken = ({ requestHeaders }: Passing): boolean => requestHeaders.authorization !== undefined;

/** Changes the answers to messages with a token. */
const answeredWithToken = (change: (passing: Passing) => unknown) =>
  atEndpoint((passing) => (hasToken(passing) ? change(passing) : undefined));

/** A proxy that answers preflights itself. */
const preflight =
  (path: string, change: (passing: Passing) => unknown) =>
  ({ front }: Scene): void =>
    front.alter((passing) =>
      passing.method === "OPTIONS" && passing.path.startsWith(path) ? change(passing) : undefined,
    );

const withoutOrigin = ({ headers }: Passing): boolean => headers.delete("access-control-allow-origin");

const provocations: readonly Provocation[] = [
  {
    id: "server",
    status: "fail",
    how: "it is not started",
    variables: { BASE_URL: NOBODY, PORT: "9" },
    says: "Start it: npm run dev",
  },
  {
    id: "server",
    status: "fail",
    how: "another program hangs on its port",
    breaks: atEndpoint(() => delay(3_000)),
    args: ["--timeout", "1"],
    says: "If another program has this port",
  },
  {
    id: "server",
    status: "fail",
    how: "its host does not exist",
    args: ["--url", "https://mcp.invalid/mcp"],
    after: ["environment.url"],
    says: "Correct the address",
  },
  {
    id: "server",
    status: "fail",
    how: "it has no certificate",
    variables: ({ front }) => ({ BASE_URL: front.origin.replace("http:", "https:") }),
    says: "Use a certificate",
  },
  {
    id: "server",
    status: "fail",
    how: "its answer never ends",
    breaks: atEndpoint((passing) => {
      passing.body = "x".repeat(2 * 1024 * 1024);
    }),
    says: "Check the server's log",
  },
  {
    id: "server",
    status: "fail",
    how: "it is public without TLS",
    args: ["--url", "http://mcp.example.com/mcp"],
    after: ["environment.url"],
    says: "Use https://mcp.example.com/mcp",
  },
  {
    id: "challenge",
    status: "fail",
    how: "there is no middleware",
    breaks: answered(200, { jsonrpc: "2.0", id: 1, result: { tools: [] } }),
    says: "src/middleware.ts needs a default export",
  },
  {
    id: "challenge",
    status: "fail",
    how: "it redirects",
    breaks: atEndpoint((passing) => {
      passing.status = 308;
      passing.headers.set("location", "https://www.example.com/mcp");
    }),
    says: "Use that URL",
  },
  {
    id: "challenge",
    status: "fail",
    how: "the endpoint has another path",
    breaks: answered(404),
    says: "http.endpoint in xmcp.config.ts",
  },
  {
    id: "challenge",
    status: "fail",
    how: "it does not answer to this host",
    breaks: answered(403, { error: "forbidden" }),
    says: "on loopback, the server answers to loopback addresses only",
  },
  {
    id: "challenge",
    status: "fail",
    how: "its configuration is not usable, on a serverless platform",
    breaks: answered(500, { error: "server_error" }),
    says: "Its log names the value",
  },
  {
    id: "challenge",
    status: "fail",
    how: "the proxy before it fails",
    breaks: answered(502),
    says: "of its proxy",
  },
  {
    id: "challenge",
    status: "fail",
    how: "a proxy takes WWW-Authenticate away",
    breaks: atEndpoint(({ headers }) => headers.delete("www-authenticate")),
    says: "must not remove WWW-Authenticate",
  },
  {
    id: "challenge",
    status: "fail",
    how: "a proxy asks for a password first",
    breaks: challenged('Basic realm="staging", Bearer resource_metadata="https://mcp.example.com/x"'),
    says: "remove it",
  },
  {
    id: "challenge",
    status: "fail",
    how: "it does not name the metadata",
    breaks: challenged('Bearer scope="profile"'),
    says: "Another middleware answers",
  },
  {
    id: "challenge",
    status: "fail",
    how: "it names only the path of the metadata",
    breaks: challenged(`Bearer resource_metadata="${METADATA}"`),
    says: "Another middleware answers",
  },
  {
    id: "challenge",
    status: "fail",
    how: "the server was started with another BASE_URL",
    server: ({ front }) => ({ baseURL: front.origin.replace("127.0.0.1", "localhost") }),
    says: "in the client",
  },
  {
    id: "refusal",
    status: "fail",
    how: "the server accepts any token",
    breaks: answeredWithToken((passing) => {
      passing.status = 200;
    }),
    says: "src/middleware.ts needs a default export",
  },
  {
    id: "refusal",
    status: "fail",
    how: "the server fails on it",
    breaks: answeredWithToken((passing) => {
      passing.status = 500;
    }),
    says: "it cannot use Clerk",
  },
  {
    id: "refusal",
    status: "warn",
    how: "too many tokens from this address were refused before",
    server: () => ({ failedAttempts: { attempts: 1, windowSeconds: 60 } }),
    breaks: ({ url }) => fetch(url, { method: "POST", headers: { authorization: "Bearer made-up" } }),
    says: "Wait for the window of failedAttempts",
  },
  {
    id: "refusal",
    status: "fail",
    how: "a proxy takes the token away",
    breaks: ({ front }) => front.withhold("authorization"),
    breaksFrontOnly: true,
    says: "removes Authorization",
  },
  {
    id: "refusal",
    status: "warn",
    how: "a proxy writes its own challenge",
    breaks: answeredWithToken(({ headers }) => void headers.set("www-authenticate", "Bearer")),
    says: "Forward WWW-Authenticate",
  },
  {
    id: "metadata",
    status: "fail",
    how: "a proxy asks for a credential",
    breaks: ({ front }) =>
      front.alter((passing) => {
        if (passing.path.startsWith(METADATA)) passing.status = 401;
      }),
    says: "remove the protection in front of the server",
  },
  {
    id: "metadata",
    status: "fail",
    how: "a proxy passes on only one of its two places",
    breaks: ({ front }) =>
      front.alter((passing) => {
        if (passing.path === METADATA) passing.status = 404;
      }),
    says: "forward all of /.well-known/oauth-protected-resource",
  },
  {
    id: "metadata",
    status: "fail",
    how: "two servers answer at its two places",
    breaks: ({ front }) =>
      front.alter((passing) => {
        if (passing.path === METADATA) passing.body = '{"resource":"https://other.example/mcp"}';
      }),
    says: "The same server must return both",
  },
  {
    id: "metadata.resource",
    status: "fail",
    how: "it ends with a slash, unlike the URL",
    breaks: inDocument(METADATA, (document) => {
      document.resource += "/";
    }),
    says: "Use exactly that URL",
  },
  {
    id: "metadata.resource",
    status: "fail",
    how: "it is http behind TLS",
    breaks: inDocument(METADATA, (document) => {
      document.resource = "http://mcp.example.com/mcp";
    }),
    says: "or set BASE_URL=",
  },
  {
    id: "metadata.resource",
    status: "fail",
    how: "it is missing",
    breaks: inDocument(METADATA, (document) => delete document.resource),
    says: "in the client",
  },
  {
    id: "issuer",
    status: "fail",
    how: "no authorization server is named",
    breaks: inDocument(METADATA, (document) => {
      document.authorization_servers = [];
    }),
    says: "let clerkProvider() return it",
  },
  {
    id: "issuer",
    status: "fail",
    how: "it ends with a slash",
    breaks: inDocument(METADATA, (document) => {
      document.authorization_servers = [`${document.authorization_servers}/`];
    }),
    says: "including a trailing slash",
  },
  {
    id: "issuer",
    status: "fail",
    how: "the server still uses another instance",
    variables: async () => {
      const { CLERK_DOMAIN, CLERK_SECRET_KEY, CLERK_API_URL } = (await localClerk()).env;
      return { CLERK_DOMAIN, CLERK_SECRET_KEY, CLERK_API_URL };
    },
    says: "Restart the server",
  },
  {
    id: "relay",
    status: "fail",
    how: "the server cannot reach Clerk",
    breaks: ({ front }) =>
      front.alter((passing) => {
        if (passing.path === RELAY) passing.status = 503;
      }),
    says: "but this machine can",
  },
  {
    id: "relay",
    status: "fail",
    how: "a proxy does not pass it on",
    breaks: ({ front }) =>
      front.alter((passing) => {
        if (passing.path === RELAY) passing.status = 404;
      }),
    says: "Let the proxy forward /.well-known/oauth-authorization-server",
  },
  {
    id: "relay",
    status: "warn",
    how: "Clerk's metadata has just changed",
    breaks: inDocument(RELAY, (document) => {
      document.scopes_supported = ["profile"];
    }),
    says: "five minutes",
  },
  {
    id: "cors.preflight",
    status: "fail",
    how: "http.cors allows another origin",
    breaks: preflight("/mcp", withoutOrigin),
    says: "http.cors in xmcp.config.ts",
  },
  {
    id: "cors.preflight",
    status: "fail",
    how: "a proxy wants a password for OPTIONS",
    breaks: preflight("/mcp", (passing) => {
      passing.status = 401;
    }),
    says: "let OPTIONS",
  },
  {
    id: "cors.preflight",
    status: "fail",
    how: "a wildcard allows all headers, which does not include Authorization",
    breaks: preflight("/mcp", ({ headers }) => void headers.set("access-control-allow-headers", "*")),
    says: "http.cors in xmcp.config.ts",
  },
  {
    id: "cors.challenge",
    status: "fail",
    how: "the 401 has no CORS",
    breaks: atEndpoint(withoutOrigin),
    says: "http.cors in xmcp.config.ts",
  },
  {
    id: "cors.challenge",
    status: "fail",
    how: "a proxy exposes other headers",
    breaks: atEndpoint(({ headers }) => void headers.set("access-control-expose-headers", "Content-Type")),
    says: "Forward Access-Control-Expose-Headers",
  },
  {
    id: "cors.metadata",
    status: "fail",
    how: "its preflight is refused",
    breaks: preflight(METADATA, (passing) => {
      passing.status = 405;
    }),
    says: "let OPTIONS",
  },
  {
    id: "cors.metadata",
    status: "fail",
    how: "it has no CORS",
    breaks: ({ front }) =>
      front.alter((passing) => {
        if (passing.path.startsWith(METADATA) && passing.method === "GET") withoutOrigin(passing);
      }),
    says: "http.cors in xmcp.config.ts",
  },
];

export const ofTheServer: readonly Provocation[] = provocations.map((provocation) => ({
  ...provocation,
  breaksFrontOnly: true,
}));
