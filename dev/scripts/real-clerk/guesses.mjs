// The local Clerk's guesses about Clerk, which its tests declare, with a way to find out for each.
// The order matters: later tests revoke what the earlier ones need.

import { isAccepted } from "./instance.mjs";

/** @import { ClerkInstance } from "./instance.mjs" */

/**
 * @typedef {object} SignedIn
 * @property {ClerkInstance} clerk
 * @property {string} userId of the test user
 * @property {string} clientId
 * @property {URLSearchParams} answer the parameters of the redirect
 * @property {string} accessToken
 * @property {string | undefined} refreshToken
 */

/**
 * @typedef {object} Finding
 * @property {boolean | undefined} holds `undefined`: this instance does not show it
 * @property {string} seen
 */

/**
 * @typedef {object} Guess
 * @property {string} id of the behaviour, which a test of the local Clerk declares
 * @property {string} [fix] the option to set in the local Clerk if the guess is refuted
 * @property {(signedIn: SignedIn) => Finding | Promise<Finding>} observe
 */

/** @type {(seen: string) => Finding} */
const unsettled = (seen) => ({ holds: undefined, seen });

const MACHINES = "machines are not created by this";

/** @type {readonly Guess[]} */
export const GUESSES = [
  {
    id: "audience-shape",
    fix: 'audienceShape: "array"',
    observe({ accessToken }) {
      const claims = claimsOf(accessToken);
      if (!claims) return unsettled("the token is opaque");
      if (claims.aud === undefined) return unsettled("the token has no aud; turn Include audience on");
      return { holds: typeof claims.aud === "string", seen: Array.isArray(claims.aud) ? "a list" : "a text" };
    },
  },
  {
    id: "time-unit",
    fix: 'timeUnit: "s"',
    async observe({ clerk, accessToken }) {
      const { status, body } = await clerk.verify(accessToken);
      if (typeof body.created_at !== "number")
        return unsettled(`the verification answers ${status} without a time`);
      const isSeconds = body.created_at < 1e11;
      return { holds: !isSeconds, seen: isSeconds ? "seconds" : "milliseconds" };
    },
  },
  {
    id: "refused-document",
    observe: () => unsettled("no metadata document of this command's is published"),
  },
  {
    id: "localhost-redirects",
    observe: () => unsettled("no metadata document of this command's is published"),
  },
  {
    id: "weak-state",
    observe: () => unsettled("the client uses PKCE"),
  },
  {
    id: "userinfo-refused",
    async observe({ clerk }) {
      const { status, body } = await clerk.oauth("/oauth/userinfo", {
        access_token: `oat_${"0".repeat(32)}`,
      });
      const code = body.errors?.[0]?.code;
      return { holds: status === 401 && code === "oauth_token_invalid", seen: `${status} ${code ?? ""}` };
    },
  },
  {
    id: "registration-off-body",
    observe: () => unsettled("registration is on"),
  },
  {
    id: "api-key-refused",
    async observe({ clerk }) {
      const { status } = await clerk.backend("POST", "/api_keys/verify", { secret: `ak_${"0".repeat(32)}` });
      return { holds: status >= 400, seen: `an unknown API key: ${status}; ${MACHINES}` };
    },
  },
  {
    id: "revoked-credential",
    fix: 'revokedAnswer: "flag"',
    async observe({ clerk, userId }) {
      const made = await clerk.backend("POST", "/api_keys", { name: "xmcp test:clerk", subject: userId });
      const { id, secret } = made.body;
      if (made.status >= 300) return unsettled(`no API key can be made here: ${made.status}`);
      await clerk.backend("POST", `/api_keys/${id}/revoke`, { revocation_reason: "test" });
      const { status, body } = await clerk.backend("POST", "/api_keys/verify", { secret });
      await clerk.backend("DELETE", `/api_keys/${id}`);
      return {
        holds: status === 404,
        seen: `a revoked API key: ${status}${body.revoked ? ", revoked: true" : ""}`,
      };
    },
  },
  {
    id: "machine-tokens-of-others",
    observe: () => unsettled(MACHINES),
  },
  { id: "m2m-jwt-scopes", observe: () => unsettled(MACHINES) },
  { id: "m2m-jwt-verify", observe: () => unsettled(MACHINES) },
  {
    id: "m2m-scopes",
    observe: () => unsettled(MACHINES),
  },
  {
    id: "unknown-filter",
    async observe({ clerk }) {
      const { status } = await clerk.backend("GET", "/v1/users?no_such_filter=1");
      return { holds: status === 422, seen: String(status) };
    },
  },
  {
    id: "no-connected-account",
    async observe({ clerk, userId }) {
      const path = `/v1/users/${userId}/oauth_access_tokens/oauth_google?paginated=true`;
      const { status, body } = await clerk.backend("GET", path);
      const code = body.errors?.[0]?.code;
      if (code === "oauth_token_provider_not_enabled") return unsettled("Google is not enabled");
      const count = body.total_count ?? code;
      return { holds: status === 200 && count === 0, seen: `${status} ${count ?? ""}` };
    },
  },
  {
    id: "oauth-revoke-unknown",
    async observe({ clerk, clientId }) {
      const list = await clerk.backend("GET", `/v1/oauth_applications?name_query=${clientId}`);
      const id = list.body.data?.[0]?.id;
      if (id === undefined) return unsettled("the client is not among the OAuth applications");
      const token = `oat_${"0".repeat(32)}`;
      const { status } = await clerk.backend("POST", `/v1/oauth_applications/${id}/revoke_token`, { token });
      return { holds: status === 404, seen: String(status) };
    },
  },
  {
    id: "sessions",
    async observe(signedIn) {
      const { clerk, userId, accessToken } = signedIn;
      const list = await clerk.backend("GET", `/v1/sessions?user_id=${userId}`);
      const sessions = Array.isArray(list.body) ? list.body : [];
      if (sessions.length === 0) return unsettled("the user has no session");
      for (const { id } of sessions) await clerk.backend("POST", `/v1/sessions/${id}/revoke`);
      const { status, body } = await clerk.verify(accessToken);
      return { holds: isAccepted({ status, body }), seen: `the access token afterwards: ${status}` };
    },
  },
  {
    id: "rate-limit",
    observe: () => unsettled("it would take all requests that the instance answers in ten seconds"),
  },
  {
    id: "refresh-rotation",
    fix: 'refreshTokenRotation: "allow-reuse" or "off"',
    async observe(signedIn) {
      const { refreshToken } = signedIn;
      if (!refreshToken) return unsettled("there is no refresh token");
      const first = await refreshed(signedIn, refreshToken);
      const next = first.body.refresh_token;
      if (first.status !== 200) return unsettled(`the first refresh is refused: ${first.status}`);
      if (next === undefined || next === refreshToken) return { holds: false, seen: "it stays the same" };
      const reused = await refreshed(signedIn, refreshToken);
      const after = await refreshed(signedIn, reused.status === 200 ? reused.body.refresh_token : next);
      return {
        holds: reused.status !== 200 && after.status !== 200,
        seen: `a new one each time; the old one again: ${reused.status}, then the new one: ${after.status}`,
      };
    },
  },
  {
    id: "revoked-opaque-token",
    fix: 'revokedAnswer: "flag"',
    async observe({ clerk, clientId, accessToken }) {
      if (claimsOf(accessToken)) return unsettled("the token is a JWT, which cannot be revoked");
      await clerk.oauth("/oauth/token/revoke", { token: accessToken, client_id: clientId });
      const { status, body } = await clerk.verify(accessToken);
      return { holds: status === 404, seen: `${status}${body.revoked ? ", revoked: true" : ""}` };
    },
  },
];

/** Needs a separate sign-in, and deletes the user at its end. */
export const LAST_GUESS = /** @type {const} */ ({
  id: "ban-and-tokens",
  /**
   * @param {SignedIn} signedIn
   * @returns {Promise<Finding>}
   */
  async observe(signedIn) {
    const { clerk, userId, accessToken, refreshToken } = signedIn;
    if (!refreshToken) return unsettled("there is no refresh token");
    const key = await clerk.backend("POST", "/api_keys", { name: "xmcp test:clerk", subject: userId });
    const keyIsGood = async () =>
      isAccepted(await clerk.backend("POST", "/api_keys/verify", { secret: key.body.secret }));
    const ban = await clerk.backend("POST", `/v1/users/${userId}/ban`);
    if (ban.status !== 200) return unsettled(`the ban is refused: ${ban.status}`);
    const refresh = await refreshed(signedIn, refreshToken);
    const banned = isAccepted(await clerk.verify(accessToken));
    const keys = key.status < 300 ? [await keyIsGood()] : [];
    await clerk.backend("DELETE", `/v1/users/${userId}`);
    const deleted = isAccepted(await clerk.verify(accessToken));
    if (key.status < 300) {
      keys.push(await keyIsGood());
      await clerk.backend("DELETE", `/api_keys/${key.body.id}`);
    }
    return {
      holds: refresh.status !== 200 && banned && deleted && keys.every(Boolean),
      seen: [
        `refresh while banned: ${refresh.status}`,
        `the access token is ${word(banned)} while banned, ${word(deleted)} after deletion`,
        keys.length > 0
          ? `the API key ${keys.map(word).join(", ")}`
          : `no API key can be made here: ${key.status}`,
        "sign-in was not tried",
      ].join("; "),
    };
  },
});

/** @param {boolean} accepted */
const word = (accepted) => (accepted ? "good" : "no good");

/**
 * @param {SignedIn} signedIn
 * @param {string} refreshToken
 */
function refreshed({ clerk, clientId }, refreshToken) {
  return clerk.oauth("/oauth/token", {
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    client_id: clientId,
  });
}

/**
 * @param {string} token
 * @returns {{ aud?: unknown } | undefined}
 */
function claimsOf(token) {
  const [, payload, signature] = token.split(".");
  return signature === undefined
    ? undefined
    : JSON.parse(Buffer.from(payload ?? "", "base64url").toString("utf8"));
}
