/** Replaces oidc-provider's tokens and documents with Clerk's, as the last step of every response. */
import type { KoaContextWithOIDC } from "oidc-provider";
import type { Clock } from "../clock.js";
import type { Profile } from "../options.js";
import { type AccessTokens, opaqueValue } from "../tokens/access-tokens.js";
import type { KeyRing } from "../tokens/keys.js";
import { reissueIdToken } from "./id-token.js";

export interface AnswerParts {
  profile: Profile;
  tokens: AccessTokens;
  keys: KeyRing;
  clock: Clock;
}

export async function asClerkAnswers(ctx: KoaContextWithOIDC, parts: AnswerParts): Promise<void> {
  const { profile, tokens, clock } = parts;
  const route = ctx.oidc?.route;
  const body = ctx.body as Record<string, unknown> | undefined;

  if (route === "token" && typeof body?.access_token === "string") {
    const internalId = body.access_token;
    const record = tokens.record(internalId);
    if (!record) throw new Error("the access token was issued but not stored");
    tokens.issuedAs(record, profile.tokenFormat);
    body.access_token = profile.tokenFormat === "opaque" ? opaqueValue(internalId) : await tokens.jwt(record);
    if (typeof body.id_token === "string") {
      body.id_token = await reissueIdToken(body.id_token, parts.keys.current, clock);
    }
  }
  if (route === "registration" && ctx.status === 201 && body) {
    ctx.body = registrationAnswer(body, parts);
  }
  if (route === "introspection" && body) ctx.body = tokenInfo(body, clock);
  const location = ctx.response.get("location");
  if (!profile.authorizationResponseIss && location && URL.canParse(location)) {
    const url = new URL(location);
    url.searchParams.delete("iss");
    ctx.set("location", url.href);
  }
}

function tokenInfo(token: Record<string, unknown>, clock: Clock): Record<string, unknown> {
  const { active, client_id, iat, scope, sub, org_id } = token;
  if (!active) return { active };
  return {
    active,
    client_id,
    iat: Number(iat) + clock.offsetSeconds,
    scope,
    sub,
    ...(org_id !== undefined && { org_id }),
  };
}

function registrationAnswer(
  client: Record<string, unknown>,
  { clock, profile }: AnswerParts,
): Record<string, unknown> {
  const {
    client_id,
    client_secret,
    client_id_issued_at,
    client_name,
    client_uri,
    logo_uri,
    redirect_uris,
    grant_types,
    response_types,
    scope,
    token_endpoint_auth_method,
  } = client;
  return {
    client_id,
    ...(client_secret !== undefined && { client_secret }),
    client_secret_expires_at: 0,
    client_id_issued_at: Number(client_id_issued_at) + clock.offsetSeconds,
    client_name: client_name ?? client_id,
    ...(client_uri !== undefined && { client_uri }),
    ...(logo_uri !== undefined && { logo_uri }),
    redirect_uris,
    grant_types: profile.registeredGrantTypes === "requested" ? grant_types : ["authorization_code"],
    response_types,
    scope,
    token_endpoint_auth_method,
  };
}
