// The settings of `npm run --prefix dev test:clerk`. They come only from the environment, because .env may name another
// instance.

/**
 * @typedef {object} Keys
 * @property {string} secretKey
 * @property {string} clerkDomain
 * @property {string} apiUrl
 */

export const HOW = `This tests against a real Clerk instance, and needs the keys of a Development instance:

  CLERK_SECRET_KEY=sk_test_... CLERK_DOMAIN=verb-noun-00.clerk.accounts.dev npm run --prefix dev test:clerk

Both are in the Clerk Dashboard under Configure → API keys (Secret keys, and Frontend API URL). See docs/project/test-against-clerk.md.
Nothing has been tested.`;

/**
 * @param {Record<string, string | undefined>} environment
 * @returns {Keys}
 * @throws {Error} with one message that lists every problem
 */
export function keysOf(environment) {
  const {
    CLERK_SECRET_KEY: secretKey,
    CLERK_DOMAIN: clerkDomain,
    CLERK_API_URL: apiUrl = "https://api.clerk.com",
  } = environment;
  const problems = [];
  if (!secretKey) problems.push("CLERK_SECRET_KEY is not set.");
  else if (secretKey.startsWith("sk_live_")) {
    problems.push(
      "CLERK_SECRET_KEY belongs to a production instance (sk_live_…). This creates and bans users: use a development instance.",
    );
  } else if (!secretKey.startsWith("sk_test_"))
    problems.push("CLERK_SECRET_KEY does not start with sk_test_.");
  if (!clerkDomain) problems.push("CLERK_DOMAIN is not set.");
  if (!secretKey || !clerkDomain || problems.length > 0) throw new Error([...problems, "", HOW].join("\n"));
  return { secretKey, clerkDomain, apiUrl };
}
