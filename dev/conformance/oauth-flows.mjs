// Runs the OAuth conformance test of @mcpjam/sdk: a client that discovers, registers, signs in and calls a tool. Runs
// once for each revision of the specification that it supports, and for each way of obtaining a client ID.

// Turns off mcpjam's telemetry.
process.env.MCPJAM_TELEMETRY_DISABLED = "1";

export const REDIRECT_URL = "http://127.0.0.1:33419/callback";

/** The pre-registered client, for the flow without registration. */
export const APPLICATION = {
  clientId: "client_conformance",
  name: "Conformance",
  redirectUris: [REDIRECT_URL],
  scopes: ["email", "profile"],
};

/** The metadata document of the client that has one. Nobody has this name, so the test reads it from here. */
export const DOCUMENT = {
  client_id: "https://client.test/conformance.json",
  client_name: "Conformance",
  redirect_uris: [REDIRECT_URL],
  token_endpoint_auth_method: "none",
};

const FLOWS = /** @type {const} */ ([
  { protocolVersion: "2025-03-26", registrationStrategy: "dcr" },
  { protocolVersion: "2025-06-18", registrationStrategy: "dcr" },
  { protocolVersion: "2025-11-25", registrationStrategy: "dcr" },
  { protocolVersion: "2025-11-25", registrationStrategy: "preregistered" },
  { protocolVersion: "2025-11-25", registrationStrategy: "cimd" },
]);

/**
 * @typedef {object} OAuthFlow
 * @property {string} flow
 * @property {number} steps number of steps
 * @property {{ step: string, status: "failed" | "skipped", message: string }[]} notPassed
 */

/**
 * @param {string} serverUrl
 * @returns {Promise<OAuthFlow[]>}
 */
export async function runOAuthFlows(serverUrl) {
  // Imported here because the suites are installed after this module is loaded.
  const { OAuthConformanceTest } = await import("@mcpjam/sdk");
  const results = [];
  for (const { protocolVersion, registrationStrategy } of FLOWS) {
    const test = new OAuthConformanceTest({
      serverUrl,
      protocolVersion,
      registrationStrategy,
      redirectUrl: REDIRECT_URL,
      auth: { mode: "headless" },
      client: {
        preregistered: { clientId: APPLICATION.clientId },
        clientIdMetadataUrl: DOCUMENT.client_id,
      },
      fetchFn: async (input, init) =>
        String(input) === DOCUMENT.client_id ? Response.json(DOCUMENT) : fetch(input, init),
      oauthConformanceChecks: true,
      verification: { listTools: true, callTool: { name: "greet", params: { name: "World" } } },
    });
    const { steps, passed, summary } = await test.run();
    const notPassed = steps.flatMap(({ step, status, error }) =>
      status === "passed" ? [] : [{ step, status, message: error?.message ?? "" }],
    );
    if (!passed && notPassed.length === 0) throw new Error(summary);
    results.push({ flow: `${protocolVersion} ${registrationStrategy}`, steps: steps.length, notPassed });
  }
  return results;
}
