/** Makes access tokens without an OAuth exchange: valid ones and deliberately invalid ones. */
import type { Clock } from "../clock.js";
import type { Directory } from "../directory/directory.js";
import { randomText } from "../ids.js";
import type { Profile, TokenFormat } from "../options.js";
import { type AccessTokenRecord, type AccessTokens, opaqueValue, tokenId } from "./access-tokens.js";
import { forgerKey } from "./forger.js";
import { type Json, writeJws } from "./jws.js";
import type { KeyRing } from "./keys.js";
import { kindOf, type TokenKindName } from "./kinds.js";

export interface MintOptions {
  /** Id, username or email. Default: the first user who is not banned. */
  user?: string | undefined;
  /**
   * The client that the token is issued to; it need not be registered. Default: the seed's first application, or an
   * invented one.
   */
  clientId?: string | undefined;
  /** Default: `["profile", "email"]`. */
  scopes?: readonly string[] | undefined;
  /** The protected resource that the token is for: its `aud`. Default: none. */
  resource?: string | readonly string[] | undefined;
  /** Id or slug; becomes `org_id`. Adds the scope `user:org:read`. Default: none. */
  organization?: string | undefined;
  /** Lifetime in seconds from now; negative: already expired. Default: the instance's. */
  expiresIn?: number | undefined;
  /** Number of tokens. Default: 1. */
  count?: number | undefined;
  /** Default: the instance's. */
  format?: TokenFormat | undefined;
  /** A kind from `tokenKinds`. Default: `"access-token"`. */
  kind?: TokenKindName | undefined;
  /** Claims to add or replace in a JWT. */
  claims?: Json | undefined;
  /** Claims to leave out of a JWT. */
  omit?: readonly string[] | undefined;
  /** Header parameters of a JWT to add or replace. */
  header?: Json | undefined;
}

/** The result of `mint()`, with the names of a token response (RFC 6749 §5.1). */
export interface MintedTokens {
  /** The first of `tokens`. */
  access_token: string;
  token_type: "Bearer";
  /** Seconds. */
  expires_in: number;
  /** All tokens; their number is `count`. */
  tokens: string[];
}

export interface MintParts {
  issuer: string;
  profile: Pick<Profile, "tokenFormat" | "accessTokenTtlSeconds">;
  directory: Directory;
  applications: readonly { clientId: string }[];
  tokens: AccessTokens;
  keys: KeyRing;
  clock: Clock;
}

const MAX_COUNT = 50_000;

export async function mint(parts: MintParts, options: MintOptions = {}): Promise<MintedTokens> {
  const { count = 1, expiresIn = parts.profile.accessTokenTtlSeconds } = options;
  if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) {
    throw new TypeError(`mint: count must be a whole number from 1 to ${MAX_COUNT}`);
  }
  if (!Number.isInteger(expiresIn)) throw new TypeError("mint: expiresIn must be a whole number of seconds");

  const write = await writer(parts, options);
  const tokens = await Promise.all(
    Array.from({ length: count }, () => write(newRecord(parts, options, expiresIn))),
  );
  return { access_token: tokens[0] as string, token_type: "Bearer", expires_in: expiresIn, tokens };
}

interface Draft {
  internalId: string;
  record: AccessTokenRecord;
}

function newRecord(
  { directory, applications, clock, profile }: MintParts,
  options: MintOptions,
  expiresIn: number,
): Draft {
  const user =
    options.user === undefined
      ? directory.users().find((entry) => !entry.banned)
      : directory.user(options.user);
  if (!user) throw new Error("mint: there is no user who is not banned.");
  const organization =
    options.organization === undefined ? undefined : directory.organization(options.organization);
  const scopes = new Set(options.scopes ?? ["profile", "email"]);
  if (organization) scopes.add("user:org:read");

  const now = clock.seconds();
  const internalId = randomText(43);
  return {
    internalId,
    record: {
      id: tokenId(internalId),
      accountId: user.id,
      clientId: options.clientId ?? applications[0]?.clientId ?? randomText(16),
      scope: [...scopes].join(" "),
      audience: options.resource === undefined ? [] : [options.resource].flat(),
      ...(organization && { organizationId: organization.id }),
      // An expired token must have been issued before it expired.
      issuedAt: expiresIn > 0 ? now : now + expiresIn - profile.accessTokenTtlSeconds,
      expiresAt: now + expiresIn,
      format: formatOf(profile, options),
    },
  };
}

/** Whether the tokens are like those of an exchange. */
function isPlain({ kind = "access-token", claims = {}, omit = [], header = {} }: MintOptions): boolean {
  return (
    kind === "access-token" && [claims, omit, header].every((change) => Object.keys(change).length === 0)
  );
}

function formatOf({ tokenFormat }: MintParts["profile"], options: MintOptions): TokenFormat {
  return options.format ?? (isPlain(options) ? tokenFormat : "jwt");
}

async function writer(parts: MintParts, options: MintOptions): Promise<(draft: Draft) => Promise<string>> {
  const { tokens, keys, clock, issuer } = parts;
  const { kind = "access-token", claims = {}, omit = [], header = {} } = options;
  const wrong = kindOf(kind);
  const plain = isPlain(options);

  if (formatOf(parts.profile, options) === "opaque") {
    if (!plain) throw new TypeError("mint: an opaque token has no kind, claims or header to change");
    return async ({ internalId, record }) => {
      tokens.keep(internalId, record);
      return opaqueValue(internalId);
    };
  }

  const current = keys.current;
  if (plain) {
    return ({ internalId, record }) => {
      tokens.keep(internalId, record);
      return tokens.jwt(record);
    };
  }
  const context = {
    issuer,
    now: clock.seconds(),
    current,
    forger: await forgerKey(),
    resource: [options.resource ?? []].flat()[0] ?? "http://127.0.0.1:3001/mcp",
  };
  return async ({ internalId, record }) => {
    // The local Clerk does not store an invalid token: otherwise its Backend API would confirm it as valid.
    if (kind === "access-token") tokens.keep(internalId, record);
    const right = {
      header: { alg: "RS256", typ: "at+jwt", kid: current.kid },
      claims: tokens.claims(record),
      signer: { algorithm: "RS256" as const, key: current.privateKey },
    };
    const draft = { ...right, ...wrong.change(right, context) };
    const finalClaims = { ...draft.claims, ...claims };
    for (const name of omit) delete finalClaims[name];
    const token = await writeJws({ ...draft.header, ...header }, finalClaims, draft.signer);
    return wrong.finish ? wrong.finish(token) : token;
  };
}
