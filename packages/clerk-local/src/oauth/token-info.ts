/**
 * `/oauth/token_info`: token introspection (RFC 7662) in Clerk's format. oidc-provider's own endpoint refuses JWTs.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.js";
import { allowAnyOrigin } from "../http/cors.js";
import { type Exchange, type Handler, readBody, sendJson } from "../http/exchange.js";
import type { RecordStore } from "../state/records.js";
import type { AccessTokens } from "../tokens/access-tokens.js";
import type { OAuthServer } from "./oauth-server.js";
import { organizationOfGrant } from "./organization-choice.js";

export interface TokenInfoParts {
  tokens: AccessTokens;
  store: RecordStore;
  clock: Clock;
  oauth: OAuthServer;
}

/** An active token, as Clerk describes it. */
interface TokenInfo {
  client_id: string;
  iat: number;
  scope: string;
  sub: string;
  aud?: string[];
  org_id?: string;
}

export function tokenInfoHandler(parts: TokenInfoParts): Handler {
  return async (exchange) => {
    if (exchange.path !== "/oauth/token_info") return false;
    if (allowAnyOrigin(exchange, "POST")) return true;
    if (exchange.method !== "POST") return false;
    const form = new URLSearchParams(await readBody(exchange.req));
    const clientId = await authenticatedClient(exchange, form, parts);
    if (clientId === undefined) {
      return refuse(exchange, 401, "invalid_client", "Client authentication failed.");
    }
    const token = form.get("token");
    if (!token) return refuse(exchange, 400, "invalid_request", "The parameter token is missing.");
    const info = (await accessTokenInfo(token, parts)) ?? (await refreshTokenInfo(token, parts));
    // A client may not see the tokens of other clients.
    const body = info?.client_id === clientId ? { active: true, ...info } : { active: false };
    return sendJson(exchange, 200, body, { "cache-control": "no-store" });
  };
}

async function accessTokenInfo(token: string, { tokens }: TokenInfoParts): Promise<TokenInfo | undefined> {
  const found = await tokens.find(token);
  if (found.state !== "active") return undefined;
  const { record } = found;
  const audience = tokens.audience(record);
  return {
    client_id: record.clientId,
    iat: record.issuedAt,
    scope: record.scope,
    sub: record.accountId,
    ...(audience.length > 0 && { aud: audience }),
    ...(record.organizationId && { org_id: record.organizationId }),
  };
}

async function refreshTokenInfo(
  token: string,
  { oauth, store, clock }: TokenInfoParts,
): Promise<TokenInfo | undefined> {
  const found = await oauth.provider.RefreshToken.find(token);
  if (!found?.isValid || !found.clientId || !found.accountId) return undefined;
  const organizationId = found.scopes.has("user:org:read")
    ? organizationOfGrant(store, found.grantId)
    : undefined;
  return {
    client_id: found.clientId,
    iat: Number(found.iat) + clock.offsetSeconds,
    scope: found.scope ?? "",
    sub: found.accountId,
    ...(organizationId && { org_id: organizationId }),
  };
}

/** The id of the client that sent the request, if it has proved that it is that client. A public one only names itself. */
async function authenticatedClient(
  { req }: Exchange,
  form: URLSearchParams,
  { oauth }: TokenInfoParts,
): Promise<string | undefined> {
  const basic = basicCredentials(req.headers.authorization);
  const clientId = basic?.clientId ?? form.get("client_id") ?? "";
  const client = await oauth.provider.Client.find(clientId).catch(() => undefined);
  if (!client) return undefined;
  if (client.clientSecret === undefined) return clientId;
  const secret = basic?.secret ?? form.get("client_secret") ?? "";
  return isSame(secret, client.clientSecret) ? clientId : undefined;
}

/** RFC 6749 section 2.3.1: both are form-encoded. */
function basicCredentials(header = ""): { clientId: string; secret: string } | undefined {
  const [, encoded] = /^Basic +([\w+/=-]+)$/i.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const [clientId = "", secret = ""] = Buffer.from(encoded, "base64").toString("utf8").split(/:(.*)/s);
  const decoded = (text: string) => new URLSearchParams(`_=${text.replaceAll("&", "%26")}`).get("_") ?? "";
  return { clientId: decoded(clientId), secret: decoded(secret) };
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function refuse(exchange: Exchange, status: number, error: string, error_description: string): true {
  return sendJson(exchange, status, { error, error_description }, { "cache-control": "no-store" });
}
