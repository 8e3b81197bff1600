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

/** Newest first. Machines' JWTs are missing: nobody keeps them. */
export function liveTokens(parts: TokenParts): LiveToken[] {
  return [...accessTokens(parts), ...refreshTokens(parts), ...apiKeys(parts), ...machineTokens(parts)].sort(
    (one, other) => other.issuedAt - one.issuedAt,
  );
}

/** What `ClerkLocal.revoke` takes for a token's id: the id or, of a refresh token, its value. */
export function revocable(parts: TokenParts, id: string): string {
  const [value] = parts.store.keys(REFRESH, ({ jti }) => refreshTokenId(String(jti)) === id);
  return value ?? id;
}

function accessTokens({ tokens }: TokenParts): LiveToken[] {
  return tokens.live().map((record) => ({
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
  }));
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

function refreshTokens({ store }: TokenParts): LiveToken[] {
  const payloads = store.all(REFRESH, ({ consumed }) => !consumed) as unknown as RefreshTokenPayload[];
  return payloads.map(({ jti, accountId, clientId, scope, resource, iat, exp }) => ({
    id: refreshTokenId(jti),
    kind: "Refresh token",
    format: "opaque",
    subject: accountId,
    client: clientId,
    scopes: scopeWords(scope),
    audience: [resource ?? []].flat(),
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
  }));
}

function refreshTokenId(value: string): string {
  return `rt_${derivedText(`refresh token ${value}`)}`;
}

function apiKeys({ apiKeys }: TokenParts): LiveToken[] {
  return apiKeys
    .list()
    .filter((key) => !key.revoked && !apiKeys.isExpired(key))
    .map(({ id, subject, scopes, createdAt, expiration }) => ({
      id,
      kind: "API key",
      format: "opaque",
      subject,
      scopes,
      audience: [],
      issuedAt: createdAt,
      ...(expiration !== null && { expiresAt: expiration }),
    }));
}

function machineTokens({ machines, m2mTokens }: TokenParts): LiveToken[] {
  return machines
    .list()
    .flatMap(({ id }) => m2mTokens.listOf(id))
    .filter((token) => !token.revoked && !m2mTokens.isExpired(token))
    .map(({ id, subject, scopes, createdAt, expiration }) => ({
      id,
      kind: "Machine token",
      format: "opaque",
      subject,
      scopes: scopes.map((machine) => machines.byId(machine)?.name ?? machine),
      audience: [],
      issuedAt: createdAt,
      expiresAt: expiration,
    }));
}
