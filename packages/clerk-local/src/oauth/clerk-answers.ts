/** Replaces oidc-provider's tokens and documents with Clerk's, as the last step of every response. */
import type { KoaContextWithOIDC } from "oidc-provider";
import type { Clock } from "../clock.js";
import type { Profile } from "../options.js";
import { scopeWords } from "../scopes.js";
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
      body.id_token = await reissueIdToken(body.id_token, record.organizationId, parts.keys.current, clock);
    }
  }
  if (route === "token" && body?.error === "unsupported_grant_type") ctx.status = 401;
  const location = ctx.response.get("location");
  if (location && URL.canParse(location)) ctx.set("location", redirectOf(new URL(location), profile));
}

function redirectOf(location: URL, profile: Profile): string {
  const { searchParams: answer } = location;
  const scope = answer.get("scope");
  if (answer.get("error") === "invalid_scope" && scope !== null) {
    const [first] = scopeWords(scope);
    answer.set("error_description", `The OAuth 2.0 Client is not allowed to request scope '${first}'.`);
    answer.delete("scope");
  }
  if (!profile.authorizationResponseIss) answer.delete("iss");
  return location.href;
}
