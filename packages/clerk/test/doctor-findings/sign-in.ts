import { BROWSER, breakDocument, giveOut, type Scene, tools } from "../doctor-scene/scene.js";
import type { Provocation } from "./provocation.js";

const METADATA = "/.well-known/oauth-authorization-server";
const SIGN_IN = ["--sign-in"];

/** Clerk issues a token for this server with these options, whatever the client asked for. */
const gives =
  (options: Parameters<typeof giveOut>[1]) =>
  ({ clerk, url }: Scene): Promise<void> =>
    giveOut(clerk, { resource: url, ...options });

const READ_ONLY = { readOnlyHint: true };
const PEM_OF_NO_KEY = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";

const withSignIn: readonly Provocation[] = [
  {
    id: "sign-in.registration",
    status: "fail",
    how: "it is off, although Clerk's metadata says that it is on",
    clerk: { registration: false },
    breaks: ({ clerk }) =>
      breakDocument(clerk, METADATA, (document) => ({
        ...document,
        registration_endpoint: `${clerk.issuer}/oauth/register`,
      })),
    says: "Publish DCR support: on",
  },
  {
    id: "sign-in.browser",
    status: "fail",
    how: "the person presses Deny",
    clerk: { autoApprove: { decision: "deny" } },
    says: "press Allow",
  },
  {
    id: "sign-in.browser",
    status: "fail",
    how: "Clerk refuses the scopes",
    variables: { BROWSER: `${BROWSER} error=invalid_scope` },
    says: "Advertise profile and email only",
  },
  {
    id: "sign-in.browser",
    status: "fail",
    how: "another server answers in place of Clerk",
    variables: { BROWSER: `${BROWSER} code=stolen&iss=https://evil.example` },
    says: "who answered in Clerk's name",
  },
  {
    id: "sign-in.browser",
    status: "fail",
    how: "the redirect has no parameters",
    variables: { BROWSER: `${BROWSER} nothing` },
    says: "press Allow",
  },
  {
    id: "sign-in.browser",
    status: "fail",
    how: "nobody signs in",
    variables: { BROWSER: "there-is-no-such-browser" },
    args: ["--wait", "1"],
    says: "If Clerk's page shows invalid_scope",
  },
  {
    id: "sign-in.token",
    status: "fail",
    how: "Clerk refuses the exchange",
    breaks: ({ clerk }) =>
      clerk.faults({ path: "/oauth/token", status: 400, body: '{"error":"invalid_grant"}' }),
    says: "see the requests at http://127.0.0.1",
  },
  {
    id: "token.format",
    status: "warn",
    how: "the instance issues opaque tokens",
    clerk: { tokenFormat: "opaque" },
    says: "Generate access tokens as JWTs: on",
  },
  {
    id: "token.format",
    status: "fail",
    how: "Clerk issues a session token",
    breaks: gives({ header: { typ: "JWT" } }),
    says: "Do not use a custom JWT template",
  },
  {
    id: "token.audience",
    status: "warn",
    how: "the instance does not include it, and CLERK_AUDIENCE is when-present",
    clerk: { resource: "ignored" },
    variables: { CLERK_AUDIENCE: "when-present" },
    server: () => ({ audience: "when-present" }),
    says: "Include audience: on",
  },
  {
    id: "token.audience",
    status: "fail",
    how: "the instance does not include it",
    clerk: { resource: "ignored" },
    after: ["clerk.settings"],
    says: "Include audience: on",
  },
  {
    id: "token.audience",
    status: "fail",
    how: "the token is for another server",
    breaks: gives({ resource: "https://other.example/mcp" }),
    says: "Set BASE_URL=",
  },
  {
    id: "token.audience",
    status: "skipped",
    how: "the token is opaque",
    clerk: { tokenFormat: "opaque" },
    says: "opaque",
  },
  {
    id: "token.issuer",
    status: "fail",
    how: "Clerk signs with another issuer than its metadata names",
    clerkThroughFront: true,
    says: "Set CLERK_DOMAIN=",
  },
  {
    id: "token.issuer",
    status: "skipped",
    how: "the token is opaque",
    clerk: { tokenFormat: "opaque" },
    says: "opaque",
  },
  {
    id: "token.times",
    status: "fail",
    how: "Clerk's clock is a minute ahead",
    breaks: ({ clerk }) => clerk.clock({ offsetSeconds: 60 }),
    says: "with NTP",
  },
  {
    id: "token.times",
    status: "fail",
    how: "Clerk's clock is two days behind",
    breaks: ({ clerk }) => clerk.clock({ offsetSeconds: -2 * 86_400 }),
    says: "with NTP",
  },
  {
    id: "token.times",
    status: "fail",
    how: "the token never expires",
    breaks: gives({ omit: ["exp"] }),
    says: "Do not use a custom JWT template",
  },
  {
    id: "token.times",
    status: "skipped",
    how: "the token is opaque",
    clerk: { tokenFormat: "opaque" },
    says: "opaque",
  },
  {
    id: "tools.list",
    status: "fail",
    how: "the server refuses it",
    breaks: gives({ kind: "wrong-key" }),
    says: '"type":"deny"',
  },
  {
    id: "tools.list",
    status: "fail",
    how: "the server needs a scope that the sign-in did not bring",
    server: () => ({ requiredScopes: ["documents:read"] }),
    breaks: gives({ scopes: ["profile"] }),
    says: "requiredScopes",
  },
  {
    id: "tools.list",
    status: "fail",
    how: "the server's CLERK_JWT_KEY is damaged",
    server: () => ({ jwtKey: PEM_OF_NO_KEY }),
    says: "CLERK_JWT_KEY is damaged",
  },
  {
    id: "tools.list",
    status: "fail",
    how: "the server cannot reach Clerk",
    breaks: ({ front }) =>
      front.alter((passing) => {
        if (passing.method === "POST" && passing.status === 200) passing.status = 503;
      }),
    breaksFrontOnly: true,
    says: "firewall",
  },
  {
    id: "tools.list",
    status: "fail",
    how: "the answer is not from an MCP server",
    tool: () => ({ hello: "world" }),
    says: "Check the server's log",
  },
  {
    id: "tools.call",
    status: "fail",
    how: "the tool fails",
    tool: tools({ name: "look", annotations: READ_ONLY, isError: true }),
    says: "needs a valid CLERK_SECRET_KEY",
  },
  {
    id: "tools.call",
    status: "fail",
    how: "a rule refuses the caller",
    server: () => ({
      access: { tools: { look: { role: "org:admin" } }, lists: "all", unknownNames: "ignore" },
    }),
    says: "a rule in access",
  },
  {
    id: "tools.call",
    status: "skipped",
    how: "every tool may have effects, or needs arguments",
    tool: tools(
      { name: "delete" },
      { name: "look-at", annotations: READ_ONLY, inputSchema: { required: ["what"] } },
    ),
    says: "no tool has readOnlyHint",
  },
];

export const ofTheSignIn: readonly Provocation[] = [
  {
    id: "sign-in.registration",
    status: "skipped",
    how: "--sign-in is not set",
    says: "run with --sign-in",
  },
  ...withSignIn.map((provocation) => ({
    ...provocation,
    args: [...SIGN_IN, ...((provocation.args as readonly string[] | undefined) ?? [])],
  })),
];
