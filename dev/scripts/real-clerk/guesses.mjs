// The stand-in's guesses about Clerk (packages/clerk-local/README.md, "How like Clerk it is"), with a test for each.
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
 * @property {string} row the beginning of its row in the README
 * @property {string} [fix] the option to set in the stand-in if the guess is refuted
 * @property {(signedIn: SignedIn) => Finding | Promise<Finding>} observe
 */

/** @type {(seen: string) => Finding} */
const unsettled = (seen) => ({ holds: undefined, seen });

const MACHINES = "machines are not created by this";

/** @type {readonly Guess[]} */
export const GUESSES = [
  {
    row: "`aud` as a text or a list",
    fix: 'audienceShape: "array"',
    observe({ accessToken }) {
      const claims = claimsOf(accessToken);
      if (!claims) return unsettled("the token is opaque");
      if (claims.aud === undefined) return unsettled("the token has no aud; turn Include audience on");
      return { holds: typeof claims.aud === "string", seen: Array.isArray(claims.aud) ? "a list" : "a text" };
    },
  },
  {
    row: "times of the verification in ms or s",
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
    row: "`iss` in the authorization response",
    fix: "authorizationResponseIss: false",
    observe: ({ answer }) => ({
      holds: answer.has("iss"),
      seen: answer.has("iss") ? "it is there" : "it is not there",
    }),
  },
  {
    row: "… what a refused client is told; none is taken while they are not published",
    observe: () => unsettled("no metadata document of this command's is published"),
  },
  {
    row: "422 for registration when it is off",
    observe: () => unsettled("registration is on"),
  },
  {
    row: "verification of an API key that is unknown, revoked or expired fails",
    async observe({ clerk }) {
      const { status } = await clerk.backend("POST", "/api_keys/verify", { secret: `ak_${"0".repeat(32)}` });
      return { holds: status >= 400, seen: `an unknown API key: ${status}; ${MACHINES}` };
    },
  },
  {
    row: "… with 404; or 200 with `revoked: true`",
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
    row: "a machine verifies tokens for itself",
    observe: () => unsettled(MACHINES),
  },
  { row: "… `scopes` and `aud` in it", observe: () => unsettled(MACHINES) },
  { row: "… is not kept: not in lists, cannot be revoked", observe: () => unsettled(MACHINES) },
  {
    row: "scopes of an M2M token are what its machine may talk to",
    observe: () => unsettled(MACHINES),
  },
  {
    row: "refresh tokens rotate, and reuse ends the grant",
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
    row: "a revoked opaque token is 404, or `revoked: true`",
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
  row: "a ban or deletion ends sign-in and refresh, and leaves access tokens and API keys alone",
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
