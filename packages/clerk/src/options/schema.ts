import * as z from "zod";
import type { EventSink } from "../events/events.js";
import { CREDENTIAL_KINDS, ID_SHAPES } from "../identity.js";
import { isLoopback } from "../runtime/loopback.js";
import { accessSchema } from "./access-rules.js";
import { FRONTEND_API_URL, JWKS_PUBLIC_KEY, SECRET_KEYS } from "./dashboard.js";
import { PUBLISHABLE_KEY } from "./environment-variables.js";
import type { RedactArguments } from "./options.js";
import { serverCardSchema } from "./server-card.js";
import { origin, scopeList, seconds, wholeNumber } from "./values.js";

/** Where a person finds the value of an option. */
export const WHERE = {
  secretKey: `${SECRET_KEYS}; it starts with sk_test_ or sk_live_`,
  clerkDomain: `${FRONTEND_API_URL}; or set ${PUBLISHABLE_KEY}`,
  baseURL: "the public origin of this server, e.g. http://127.0.0.1:3001",
  apiUrl: "Leave it out: Clerk's Backend API is the default",
  jwtKey: JWKS_PUBLIC_KEY,
} as const;

const SECRET_KEY = /^sk_(test|live)_[^\s.…<>]+$/;
/** Clerk's website, dashboard and Backend API. */
const CLERKS_OWN = /[./](clerk\.com|clerk\.dev)$/;
/** The pages of an instance in development, whose Frontend API has `.clerk` in its name. */
const ACCOUNT_PORTAL = /^https:\/\/[^.]+\.accounts\.dev$/;
const PEM = /^-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/\s?#@]+$/i;
const PATH = /^\/[^\s?#]*$/;

const ACCEPTS = `a list of ${CREDENTIAL_KINDS.map((kind) => `"${kind}"`).join(", ")}`;

/** The members of a limit per address. */
const perAddress = {
  windowSeconds: wholeNumber(1, 86_400),
  trustedProxies: wholeNumber(0, 10).optional(),
};

/** Every option after collection, with its format and default. */
export const schema = z.strictObject({
  secretKey: z.string().superRefine((value, context) => {
    if (value.startsWith("pk_"))
      context.addIssue(`this is a publishable key; the secret key is needed. ${WHERE.secretKey}`);
    else if (!SECRET_KEY.test(value)) context.addIssue(`this is not a secret key. ${WHERE.secretKey}`);
  }),
  clerkDomain: z
    .string()
    .transform((value) => (/^[a-z]+:\/\//i.test(value) ? value : `https://${value}`))
    .pipe(origin("the Frontend API host without a path, e.g. verb-noun-00.clerk.accounts.dev"))
    .refine((value) => !CLERKS_OWN.test(value), `this is a page of Clerk. ${WHERE.clerkDomain}`)
    .refine((value) => !ACCOUNT_PORTAL.test(value), `this is the Account Portal. ${WHERE.clerkDomain}`),
  baseURL: origin("an origin without a path, e.g. https://mcp.example.com; the endpoint is added to it"),
  endpoint: z.string().regex(PATH, "a path that starts with /, e.g. /mcp").default("/mcp"),
  scopes: scopeList.min(1, "name at least one scope, e.g. profile").default(["profile", "email"]),
  requiredScopes: scopeList.default([]),
  docsURL: z.url("an absolute URL").optional(),
  apiUrl: origin("an origin, e.g. https://api.clerk.com").default("https://api.clerk.com"),
  jwtKey: z
    .string()
    .transform((value) => value.replaceAll("\\n", "\n").trim())
    .pipe(z.string().regex(PEM, `a PEM public key (-----BEGIN PUBLIC KEY-----). ${WHERE.jwtKey}`))
    .optional(),
  audience: z.enum(["when-present", "required"], '"when-present" or "required"').default("required"),
  tokenFormat: z.enum(["any", "jwt"], '"any" or "jwt"').default("any"),
  clockTolerance: seconds(300).default(5),
  opaqueTokenTtl: seconds(3600).default(60),
  access: accessSchema.default({}),
  discovery: z
    .enum(["signed-in", "lists", "everyone"], '"signed-in", "lists" or "everyone"')
    .default("signed-in"),
  anonymousRequests: z.strictObject({ requests: wholeNumber(1, 1_000_000), ...perAddress }).optional(),
  accepts: z.array(z.enum(CREDENTIAL_KINDS, ACCEPTS), ACCEPTS).min(1, ACCEPTS).default(["oauth_token"]),
  machineId: z.string().regex(ID_SHAPES.mch, "the id of a machine, mch_…").optional(),
  failedAttempts: z.strictObject({ attempts: wholeNumber(1, 100_000), ...perAddress }).optional(),
  allowedOrigins: z
    .array(z.string().regex(ORIGIN, "an origin, e.g. https://app.example.com"), "a list of origins")
    .optional(),
  publicPaths: z
    .array(z.string().regex(PATH, "a path that starts with /, e.g. /status"), "a list of paths")
    .default([]),
  serverCard: serverCardSchema.default({}),
  accountPortalURL: z
    .url("an absolute URL")
    .refine((value) => /^https:/.test(value) || isOnLoopback(value), "an https: URL; http: on loopback only")
    .optional(),
  onEvent: z
    .custom<EventSink | false>(
      (value) => value === false || typeof value === "function",
      "a function or false",
    )
    .optional(),
  recordArguments: z
    .custom<boolean | RedactArguments>(
      (value) => typeof value === "boolean" || typeof value === "function",
      "true, false or a function",
    )
    .default(false),
});

export type Checked = z.output<typeof schema>;

function isOnLoopback(value: string): boolean {
  return /^http:/.test(value) && isLoopback(new URL(value).hostname);
}

export function withoutTrailingSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
