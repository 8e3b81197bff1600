import { localClerk } from "../protected-server.js";
import type { Provocation } from "./provocation.js";

/** An origin where nothing listens: port 9 is the discard service. */
export const NOBODY = "http://127.0.0.1:9";

const publishableKey = (kind: "test" | "live", host: string): string => `pk_${kind}_${btoa(`${host}$`)}`;
const hostOf = (url: string): string => new URL(url).host;

const PEM_OF_NO_KEY = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";

export const ofTheEnvironment: readonly Provocation[] = [
  {
    id: "environment",
    status: "fail",
    how: "a key is missing",
    variables: { CLERK_SECRET_KEY: "" },
    says: "CLERK_SECRET_KEY: Clerk Dashboard → Configure → API keys → Secret keys",
  },
  {
    id: "environment",
    status: "fail",
    how: "the publishable key is set as the secret key",
    variables: { CLERK_SECRET_KEY: publishableKey("test", "x.clerk.accounts.dev") },
    says: "this is a publishable key; the secret key is needed",
  },
  {
    id: "environment",
    status: "fail",
    how: "two values are wrong",
    variables: { CLERK_DOMAIN: "", BASE_URL: "http://127.0.0.1:3001/mcp" },
    args: ["--url", `${NOBODY}/mcp`],
    says: "BASE_URL: expected an origin without a path",
  },
  {
    id: "environment",
    status: "fail",
    how: "a test key beside a live domain",
    variables: { CLERK_DOMAIN: "clerk.example.com" },
    says: "take both from the same instance",
  },
  {
    id: "environment",
    status: "fail",
    how: "the secret key is set as the domain",
    variables: ({ clerk }) => ({ CLERK_DOMAIN: clerk.secretKey }),
    says: "take both from the same instance",
  },
  {
    id: "environment",
    status: "skipped",
    how: "nothing is set, and the server is named",
    variables: {
      CLERK_SECRET_KEY: undefined,
      CLERK_DOMAIN: undefined,
      CLERK_API_URL: undefined,
      BASE_URL: undefined,
    },
    args: ({ url }) => ["--url", url],
    says: "nothing is set here",
  },
  {
    id: "environment.port",
    status: "fail",
    how: "PORT differs from the port of BASE_URL",
    variables: { PORT: "3999" },
    says: "or BASE_URL=http://127.0.0.1:3999, and restart",
  },
  {
    id: "environment.port",
    status: "fail",
    how: "PORT is a word",
    variables: { PORT: "http" },
    says: "Set PORT to a number",
  },
  {
    id: "environment.port",
    status: "warn",
    how: "PORT is not set, and BASE_URL names another port than the default",
    variables: { PORT: undefined },
    says: "unless http.port in xmcp.config.ts is",
  },
  {
    id: "environment.url",
    status: "fail",
    how: "the client uses localhost",
    args: ({ url }) => ["--url", url.replace("127.0.0.1", "localhost")],
    says: "localhost and 127.0.0.1 are different servers, as is a trailing slash",
  },
  {
    id: "environment.url",
    status: "fail",
    how: "the client adds a slash",
    args: ({ url }) => ["--url", `${url}/`],
    says: "in the client",
  },
  {
    id: "environment.publishable-key",
    status: "fail",
    how: "it is invalid",
    variables: { CLERK_PUBLISHABLE_KEY: "pk_test_none" },
    says: "API keys → Publishable key",
  },
  {
    id: "environment.publishable-key",
    status: "fail",
    how: "it is of another instance",
    variables: { CLERK_PUBLISHABLE_KEY: publishableKey("test", "other.clerk.accounts.dev") },
    says: "copy it again into CLERK_PUBLISHABLE_KEY",
  },
  {
    id: "environment.publishable-key",
    status: "fail",
    how: "it is live, and the secret key is a test key",
    variables: ({ clerk }) => ({ CLERK_PUBLISHABLE_KEY: publishableKey("live", hostOf(clerk.issuer)) }),
    says: "or remove it",
  },
  {
    id: "environment.publishable-key",
    status: "skipped",
    how: "it is not set",
    says: "not needed",
  },
  {
    id: "environment.domain",
    status: "fail",
    how: "nothing listens there",
    variables: { CLERK_DOMAIN: NOBODY.replace("http", "https") },
    says: "Frontend API URL: copy it again into CLERK_DOMAIN",
  },
  {
    id: "environment.domain",
    status: "fail",
    how: "the key set is empty",
    breaks: ({ clerk }) => clerk.faults({ path: "/.well-known/jwks.json", body: '{"keys":[]}' }),
    says: "Frontend API URL: copy it again into CLERK_DOMAIN",
  },
  {
    id: "environment.domain",
    status: "fail",
    how: "the local Clerk has stopped",
    breaks: ({ clerk }) => clerk.close(),
    says: "npm run dev:local",
  },
  {
    id: "environment.secret-key",
    status: "skipped",
    how: "the local Clerk has stopped",
    breaks: ({ clerk }) => clerk.close(),
    says: "waiting for the local Clerk",
    after: ["environment.domain"],
  },
  {
    id: "environment.secret-key",
    status: "fail",
    how: "Clerk does not know it",
    variables: { CLERK_SECRET_KEY: "sk_test_unknown000000" },
    says: "copy the key again into CLERK_SECRET_KEY",
  },
  {
    id: "environment.secret-key",
    status: "fail",
    how: "nothing listens at CLERK_API_URL",
    variables: { CLERK_API_URL: NOBODY },
    says: "Remove CLERK_API_URL",
  },
  {
    id: "environment.secret-key",
    status: "fail",
    how: "Clerk is down",
    breaks: ({ clerk }) => clerk.faults({ path: "/v1/*", status: 500 }),
    says: "press “Clerk works”",
  },
  {
    id: "environment.secret-key",
    status: "warn",
    how: "Clerk limits calls",
    breaks: ({ clerk }) => clerk.faults({ path: "/v1/*", status: 429, retryAfterSeconds: 9 }),
    says: "press “Clerk works”",
  },
  {
    id: "environment.instance",
    status: "fail",
    how: "the secret key is of another instance",
    variables: async () => {
      const { apiUrl, secretKey } = await localClerk();
      return { CLERK_API_URL: apiUrl, CLERK_SECRET_KEY: secretKey };
    },
    says: "the same instance, Development or Production",
  },
  {
    id: "environment.instance",
    status: "skipped",
    how: "Clerk limits calls",
    breaks: ({ clerk }) => clerk.faults({ path: "/v1/*", status: 429 }),
    says: "Clerk limits requests",
  },
  {
    id: "environment.jwt-key",
    status: "fail",
    how: "it is a key of another instance, or an old key of this one",
    variables: async () => ({ CLERK_JWT_KEY: (await localClerk()).jwtKey }),
    says: "JWKS public key (PEM): copy it again into CLERK_JWT_KEY",
  },
  {
    id: "environment.jwt-key",
    status: "fail",
    how: "it is damaged",
    variables: { CLERK_JWT_KEY: PEM_OF_NO_KEY },
    says: "or remove it",
  },
  {
    id: "environment.jwt-key",
    status: "skipped",
    how: "it is not set",
    says: "keys are fetched from Clerk",
  },
];
