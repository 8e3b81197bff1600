import { breakDocument, type Scene } from "../doctor-scene/scene.js";
import type { Provocation } from "./provocation.js";

const METADATA = "/.well-known/oauth-authorization-server";

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
  {
    id: "clerk",
    status: "fail",
    how: "Clerk is down",
    breaks: ({ clerk }) => clerk.faults({ path: METADATA, status: 500 }),
    says: "Frontend API URL: copy it again into CLERK_DOMAIN",
  },
  {
    id: "clerk",
    status: "fail",
    how: "Clerk breaks connections off",
    breaks: ({ clerk }) => clerk.faults({ path: METADATA, drop: true }),
    says: "status.clerk.com",
  },
  {
    id: "clerk",
    status: "fail",
    how: "Clerk hangs",
    breaks: ({ clerk }) => clerk.faults({ path: METADATA, hang: true }),
    args: ["--timeout", "1"],
    says: "status.clerk.com",
  },
  {
    id: "clerk",
    status: "fail",
    how: "its token endpoint uses plain http",
    breaks: says({ token_endpoint: "http://clerk.example.com/oauth/token" }),
    says: "Frontend API URL",
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
    id: "registration",
    status: "fail",
    how: "it is off",
    clerk: { registration: false },
    says: "OAuth applications → Settings → Dynamic client registration: on",
  },
  {
    id: "registration",
    status: "warn",
    how: "only client-ID metadata documents are supported",
    clerk: { registration: false },
    breaks: says({ client_id_metadata_document_supported: true }),
    says: "Dynamic client registration: on",
  },
  {
    id: "scopes",
    status: "fail",
    how: "the server asks for one that Clerk does not have",
    server: () => ({ scopes: ["profile", "documents:reed"] }),
    says: "Take it out of scopes",
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
    id: "clock",
    status: "fail",
    how: "the server's is a minute behind",
    breaks: serverClock(-60),
    says: "by NTP",
  },
  {
    id: "clock",
    status: "fail",
    how: "the server's is two days ahead",
    breaks: serverClock(2 * 86_400),
    says: "by NTP",
  },
  {
    id: "clock",
    status: "warn",
    how: "the server's is a minute ahead",
    breaks: serverClock(60),
    says: "by NTP",
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
