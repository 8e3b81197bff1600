/** `POST /oauth_applications/access_tokens/verify`. */

import { Refused } from "../http/clerk-error.js";
import { type Exchange, readJson } from "../http/exchange.js";
import type { BackendApiParts } from "./parts.js";
import { accessTokenResource } from "./resources.js";

export async function verifyAccessToken({ tokens, profile }: BackendApiParts, exchange: Exchange) {
  const body = (await readJson(exchange.req)) as { access_token?: unknown; secret?: unknown } | undefined;
  const token = body?.access_token ?? body?.secret;
  if (typeof token !== "string" || token === "") {
    throw new Refused({
      status: 422,
      code: "form_param_missing",
      message: "is missing",
      longMessage: "access_token must be included.",
      meta: { param_name: "access_token" },
    });
  }
  const found = await tokens.find(token);
  if (found.state === "unknown" || (found.state === "revoked" && profile.revokedAnswer === "not-found")) {
    throw new Refused({
      status: 404,
      code: "resource_not_found",
      message: "not found",
      longMessage: "OAuth access token not found.",
    });
  }
  // Clerk describes an expired opaque token, but calls an expired JWT only inactive.
  if (found.state === "expired" && !token.startsWith("oat_")) return { active: false };
  return accessTokenResource(tokens, found.record, {
    revoked: found.state === "revoked",
    expired: found.state === "expired",
    unit: profile.timeUnit,
  });
}
