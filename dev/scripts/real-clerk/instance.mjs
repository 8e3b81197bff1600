// Calls the Clerk instance without the SDK, to observe Clerk's own answers and not the SDK's interpretation of them.

/** @import { Keys } from "./keys.mjs" */
/** @typedef {{ status: number, body: Record<string, any> }} Answer */

const TIMEOUT_MS = 15_000;

/** @param {Keys} keys */
export function instanceOf({ secretKey, clerkDomain, apiUrl }) {
  const issuer = clerkDomain.includes("://") ? clerkDomain : `https://${clerkDomain}`;
  /**
   * @param {string} url
   * @param {RequestInit} [init]
   * @returns {Promise<Answer>}
   */
  const ask = async (url, init) => {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    let body = {};
    try {
      body = JSON.parse(text);
    } catch {
      // Some refusals are not JSON. Their status is sufficient.
    }
    return { status: response.status, body };
  };
  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  const backend = (method, path, body) =>
    ask(new URL(path, apiUrl).href, {
      method,
      headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
  return {
    issuer,
    ask,
    backend,
    /** @param {string} token */
    verify: (token) => backend("POST", "/oauth_applications/access_tokens/verify", { access_token: token }),
    /**
     * @param {string} path
     * @param {Record<string, string>} parameters
     */
    oauth: (path, parameters) =>
      ask(new URL(path, issuer).href, { method: "POST", body: new URLSearchParams(parameters) }),
  };
}

/** @typedef {ReturnType<typeof instanceOf>} ClerkInstance */

/**
 * Whether Clerk's answer means that the token is valid.
 *
 * @param {Answer} answer
 */
export function isAccepted({ status, body }) {
  return status === 200 && body.active !== false && !body.revoked && !body.expired;
}
