/** The tokens that work now, without their values. */
import { derivedText } from "../ids.js";
import type { Instance } from "../instance.js";
import { scopeWords } from "../scopes.js";

/** A token as the page shows it. Nothing in it is a credential. */
export interface LiveToken {
  /** Derived from the value, which cannot be derived from it. Access tokens, keys and machine tokens: Clerk's id. */
  id: string;
  kind: "Access token" | "Refresh token" | "API key" | "Machine token";
  format: "JWT" | "opaque";
  /** Id of a user, an organization or a machine. */
  subject: string;
  organization?: string;
  /** Id of the client that it was issued to. */
  client?: string;
  scopes: string[];
  audience: string[];
  /** Milliseconds since the epoch, as the following. */
  issuedAt: number;
  /** Absent: never. */
  expiresAt?: number;
}

type TokenParts = Pick<Instance, "tokens" | "store" | "apiKeys" | "machines" | "m2mTokens">;

/** Tokens of one kind or of all. */
interface LiveTokens {
  count: number;
  newest: LiveToken[];
}

/**
 * Newest first. Machines' JWTs are missing, because they are not stored.
 *
 * @param most the number of tokens in `newest`. A test may have made thousands.
 */
export function liveTokens(parts: TokenParts, most: number): LiveTokens {
  const kinds = [accessTokens, refreshTokens, apiKeys, machineTokens].map((kind) => kind(parts, most));
  return {
    count: kinds.reduce((sum, { count }) => sum + count, 0),
    newest: kinds
      .flatMap(({ newest }) => newest)
      .sort((one, other) => other.issuedAt - one.issuedAt)
      .slice(0, most),
  };
}

/** What `ClerkLocal.revoke` takes for a token's id: the id or, of a refresh token, its value. */
export function revocable(parts: TokenParts, id: string): string {
  const [value] = parts.store.keys(REFRESH, ({ jti }) => refreshTokenId(String(jti)) === id);
  return value ?? id;
}

function accessTokens({ tokens }: TokenParts, most: number): LiveTokens {
  const { count, newest } = tokens.live(most);
  const shown = newest.map(
    (record): LiveToken => ({
      id: record.id,
      kind: "Access token",
      format: record.format === "jwt" ? "JWT" : "opaque",
      subject: record.accountId,
      ...(record.organizationId !== undefined && { organization: record.organizationId }),
      client: record.clientId,
      scopes: scopeWords(record.scope),
      audience: tokens.audience(record),
      issuedAt: record.issuedAt * 1000,
      expiresAt: record.expiresAt * 1000,
    }),
  );
  return { count, newest: shown };
}

/** oidc-provider's name for this kind of record. */
const REFRESH = "RefreshToken";

interface RefreshTokenPayload {
  jti: string;
  accountId: string;
  clientId: string;
  scope?: string;
  resource?: string | string[];
  iat: number;
  exp: number;
  /** It has been used, and replaced by another. */
  consumed?: number;
}

function refreshTokens({ store }: TokenParts, most: number): LiveTokens {
  const payloads = store.all(REFRESH, ({ consumed }) => !consumed) as unknown as RefreshTokenPayload[];
  const shown = payloads.slice(-most).map(
    ({ jti, accountId, clientId, scope, resource, iat, exp }): LiveToken => ({
      id: refreshTokenId(jti),
      kind: "Refresh token",
      format: "opaque",
      subject: accountId,
      client: clientId,
      scopes: scopeWords(scope),
      audience: [resource ?? []].flat(),
      issuedAt: iat * 1000,
      expiresAt: exp * 1000,
    }),
  );
  return { count: payloads.length, newest: shown };
}

function refreshTokenId(value: string): string {
  return `rt_${derivedText(`refresh token ${value}`)}`;
}

function apiKeys({ apiKeys }: TokenParts, most: number): LiveTokens {
  const live = apiKeys.list().filter((key) => !key.revoked && !apiKeys.isExpired(key));
  const shown = live.slice(0, most).map(
    ({ id, subject, scopes, createdAt, expiration }): LiveToken => ({
      id,
      kind: "API key",
      format: "opaque",
      subject,
      scopes,
      audience: [],
      issuedAt: createdAt,
      ...(expiration !== null && { expiresAt: expiration }),
    }),
  );
  return { count: live.length, newest: shown };
}

function machineTokens({ machines, m2mTokens }: TokenParts, most: number): LiveTokens {
  const live = m2mTokens.list().filter((token) => !token.revoked && !m2mTokens.isExpired(token));
  const shown = live.slice(0, most).map(
    ({ id, subject, scopes, createdAt, expiration }): LiveToken => ({
      id,
      kind: "Machine token",
      format: "opaque",
      subject,
      scopes: scopes.map((machine) => machines.byId(machine)?.name ?? machine),
      audience: [],
      issuedAt: createdAt,
      expiresAt: expiration,
    }),
  );
  return { count: live.length, newest: shown };
}
