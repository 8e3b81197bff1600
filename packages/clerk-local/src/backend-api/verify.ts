/** `POST /oauth_applications/access_tokens/verify`. */

import { type Exchange, readJson } from "../http/exchange.js";
import { accessTokenResource } from "./access-token-resource.js";
import type { BackendApiParts } from "./parts.js";
import { badRequest, notFound } from "./refusals.js";

export async function verifyAccessToken({ tokens, profile }: BackendApiParts, exchange: Exchange) {
  const body = (await readJson(exchange.req)) as { access_token?: unknown; secret?: unknown } | undefined;
  const token = body?.access_token ?? body?.secret;
  if (typeof token !== "string" || token === "") {
    throw badRequest("access_token", "must be included");
  }
  const found = await tokens.find(token);
  if (found.state === "unknown" || (found.state === "revoked" && profile.revokedAnswer === "not-found")) {
    throw notFound("OAuth access token not found.");
  }
  // Clerk describes an expired opaque token, but calls an expired JWT only inactive.
  if (found.state === "expired" && !token.startsWith("oat_")) return { active: false };
  return accessTokenResource(tokens, found.record, {
    revoked: found.state === "revoked",
    expired: found.state === "expired",
    unit: profile.timeUnit,
  });
}
