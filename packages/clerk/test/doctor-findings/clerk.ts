import { breakDocument, type Scene } from "../doctor-scene/scene.js";
import type { Provocation } from "./provocation.js";

const METADATA = "/.well-known/oauth-authorization-server";
const SETTINGS = "/v1/instance/oauth_application_settings";

/** Changes Clerk's own metadata. */
const says =
  (change: object) =>
  ({ clerk }: Scene): Promise<void> =>
    breakDocument(clerk, METADATA, (document) => ({ ...document, ...change }));

/** Shifts the server's clock, as shown by the Date header of its answers. */
const serverClock =
  (seconds: number) =>
  ({ front }: Scene): void =>
    front.alter(({ headers }) => {
      headers.set("date", new Date(Date.now() + seconds * 1000).toUTCString());
    });

export const ofClerk: readonly Provocation[] = [
  ...[
    { how: "Clerk is down", fault: { status: 503 } },
    { how: "Clerk limits requests", fault: { status: 429 } },
    { how: "Clerk breaks connections off", fault: { drop: true } },
    { how: "Clerk hangs", fault: { hang: true }, args: ["--timeout", "1"] },
  ].map(
    ({ fault, ...provocation }): Provocation => ({
      id: "clerk",
      status: "fail",
      breaks: ({ clerk }) => clerk.faults({ path: METADATA, ...fault }),
      says: "/ and press “Clerk works”.",
      ...provocation,
    }),
  ),
  {
    id: "clerk",
    status: "fail",
    how: "its token endpoint uses plain http",
    breaks: says({ token_endpoint: "http://clerk.example.com/oauth/token" }),
    says: "Frontend API URL",
  },
  {
    id: "clerk",
    status: "skipped",
    how: "the local Clerk has stopped",
    breaks: ({ clerk }) => clerk.close(),
    says: "waiting for the local Clerk",
    after: ["environment.domain"],
  },
  {
    id: "clerk.issuer",
    status: "fail",
    how: "it ends with a slash",
    breaks: ({ clerk }) =>
      breakDocument(clerk, METADATA, (document) => ({ ...document, issuer: `${document.issuer}/` })),
    says: "character for character",
  },
  {
    id: "clerk.issuer",
    status: "fail",
    how: "it has none",
    breaks: says({ issuer: undefined }),
    says: "Set CLERK_DOMAIN=",
  },
  {
    id: "clerk.keys",
    status: "fail",
    how: "it does not say where they are",
    breaks: says({ jwks_uri: undefined }),
    says: "Frontend API URL",
  },
  {
    id: "clerk.keys",
    status: "fail",
    how: "there are none",
    breaks: ({ clerk }) => clerk.faults({ path: "/.well-known/jwks.json", body: '{"keys":[]}' }),
    after: ["environment.domain"],
    says: "status.clerk.com",
  },
  {
    id: "pkce",
    status: "fail",
    how: "only plain is supported",
    breaks: says({ code_challenge_methods_supported: ["plain"] }),
    says: "Frontend API URL",
  },
  {
    id: "clerk.settings",
    status: "skipped",
    how: "the instance is older than they are",
    breaks: ({ clerk }) => clerk.faults({ path: SETTINGS, status: 404, body: '{"errors":[]}' }),
    says: "does not return them (404)",
  },
  {
    id: "clerk.settings",
    status: "skipped",
    how: "Clerk hangs",
    breaks: ({ clerk }) => clerk.faults({ path: SETTINGS, hang: true }),
    args: ["--timeout", "1"],
    says: "does not answer in time",
  },
  {
    id: "clerk.settings",
    status: "skipped",
    how: "the answer is something else",
    breaks: ({ clerk }) => clerk.faults({ path: SETTINGS, body: "[1]" }),
    says: "does not return them (200)",
  },
  {
    id: "clerk.settings",
    status: "warn",
    how: "tokens are opaque",
    clerk: { tokenFormat: "opaque" },
    says: "Generate access tokens as JWTs: on",
  },
  {
    id: "clerk.settings",
    status: "warn",
    how: "tokens name no audience",
    clerk: { resource: "ignored" },
    variables: { CLERK_AUDIENCE: "when-present" },
    says: "Include audience: on",
  },
  {
    id: "clerk.settings",
    status: "fail",
    how: "tokens name no audience, and the server requires one",
    clerk: { resource: "ignored" },
    variables: { CLERK_AUDIENCE: "required" },
    says: "Include audience: on",
  },
  {
    id: "registration",
    status: "fail",
    how: "neither documents nor registrations are taken",
    clerk: { registration: false, clientIdMetadata: false },
    says: "OAuth applications → Settings → Publish CIMD support: on",
  },
  {
    id: "registration",
    status: "warn",
    how: "neither is taken, but a client's ID is given",
    clerk: { registration: false, clientIdMetadata: false },
    args: ["--client-id", "client_of_mine"],
    says: "Publish CIMD support: on",
  },
  {
    id: "registration",
    status: "warn",
    how: "clients can only register",
    clerk: { clientIdMetadata: false },
    says: "Publish CIMD support: on",
  },
  {
    id: "registration",
    status: "warn",
    how: "clients with a document must be pre-registered",
    clerk: { onlyPreRegisteredClients: true },
    says: "Only allow pre-registered clients to connect: off",
  },
  {
    id: "registration",
    status: "warn",
    how: "clients that only a user has allowed are blocked",
    clerk: { blockImplicitlyAllowedClients: true, registration: false },
    says: "or allow each client there",
  },
  {
    id: "registration",
    status: "warn",
    how: "only documents are taken, and the metadata does not list none",
    clerk: { registration: false },
    breaks: says({ token_endpoint_auth_methods_supported: ["client_secret_basic"] }),
    says: "Publish DCR support: on",
  },
  {
    id: "scopes",
    status: "fail",
    how: "the server asks for one that Clerk does not have",
    server: () => ({ scopes: ["profile", "documents:reed"] }),
    says: "Remove it from scopes",
  },
  {
    id: "scopes",
    status: "fail",
    how: "the server asks for one that is not advertised",
    clerk: {
      seed: {
        users: [{ username: "ada", email: "ada@example.com" }],
        scopes: { "x:read": { description: "x", advertised: false } },
      },
    },
    server: () => ({ requiredScopes: ["x:read"] }),
    says: "and advertise it",
  },
  {
    id: "scopes",
    status: "warn",
    how: "the server asks for openid",
    server: () => ({ scopes: ["openid", "profile"] }),
    says: "Advertise profile and email",
  },
  {
    id: "scopes",
    status: "warn",
    how: "the server asks for offline_access",
    server: () => ({ scopes: ["profile", "offline_access"] }),
    says: "Advertise profile and email",
  },
  {
    id: "scopes",
    status: "warn",
    how: "the server asks for one that is not among the default scopes",
    server: () => ({ requiredScopes: ["documents:read"] }),
    says: "Settings → Default scopes: add it",
  },
  {
    id: "clock",
    status: "fail",
    how: "the server's is a minute behind",
    breaks: serverClock(-60),
    says: "with NTP",
  },
  {
    id: "clock",
    status: "fail",
    how: "the server's is two days ahead",
    breaks: serverClock(2 * 86_400),
    says: "with NTP",
  },
  {
    id: "clock",
    status: "warn",
    how: "the server's is a minute ahead",
    breaks: serverClock(60),
    says: "with NTP",
  },
  {
    id: "clock",
    status: "skipped",
    how: "Clerk sends no Date",
    clerkThroughFront: true,
    breaks: ({ clerkFront }) => clerkFront?.alter(({ headers }) => headers.delete("date")),
    says: "no Date",
  },
];
