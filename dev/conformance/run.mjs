// npm run --prefix dev conformance: runs third-party test suites for MCP servers against this one. Not part of npm
// test, because it installs another Node. docs/project/third-party-conformance.md explains the results. Exits with 1 if a
// result is not the expected one.
import { readFileSync } from "node:fs";
import { createClerkLocal, defaultSeed } from "@xmcp-dev/clerk-local";
import { startServer } from "@xmcp-dev/clerk-local/testing";
import { buildIfNeeded } from "../scripts/build-if-needed.mjs";
import { buildApps } from "./apps.mjs";
import { startBearerProxy } from "./bearer-proxy.mjs";
import { judgeChecks, judgeFlows } from "./judge.mjs";
import { runMcpjamClient } from "./mcpjam-client.mjs";
import { APPLICATION, DOCUMENT, runOAuthFlows } from "./oauth-flows.mjs";
import { REVISIONS, runOfficialSuite } from "./official-suite.mjs";
import { heading, printChecks, printFlows, printVerdict } from "./report.mjs";
import { installSuites } from "./suites.mjs";

/** @import { ExpectedCheck, ExpectedStep } from "./judge.mjs" */
/** @import { Check } from "./official-suite.mjs" */

process.env.XMCP_TELEMETRY_DISABLED = "true";
process.env.CLERK_TELEMETRY_DISABLED = "1";

/** @type {{ official: ExpectedCheck[], repairedByPlugin: ExpectedCheck[], oauth: ExpectedStep[] }} */
const expected = JSON.parse(readFileSync(new URL("expected-failures.json", import.meta.url), "utf8"));

const versions = installSuites();
buildIfNeeded();
const seed = { ...defaultSeed, oauthApplications: [APPLICATION], clientDocuments: [DOCUMENT] };
const clerk = await createClerkLocal({ port: 0, seed, autoApprove: { user: "ada" } });
try {
  const problems = [...(await officialSuite()), ...(await oauthTest()), ...(await mcpjamClient())];
  printVerdict(problems);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await clerk.close();
}

/**
 * Runs the suite against the template with the suite's tools, with and without the plugin: the results must be the
 * same.
 */
async function officialSuite() {
  const suite = "@modelcontextprotocol/conformance";
  heading(`${suite} ${versions[suite]} on Node ${versions.node}`);
  const apps = await buildApps();
  try {
    const [withPlugin, withoutPlugin] = await both(
      checksOf(apps.withPlugin, { isProtected: true }),
      checksOf(apps.withoutPlugin, { isProtected: false }),
    );
    return REVISIONS.flatMap((revision) => {
      const found = { withPlugin: withPlugin[revision], withoutPlugin: withoutPlugin[revision] };
      heading(`Required by MCP ${revision}`);
      printChecks(
        found,
        expected.official.filter((entry) => entry.revision === revision),
      );
      return judgeChecks(revision, found, expected).map((problem) => `${revision}: ${problem}`);
    });
  } finally {
    await apps.remove();
  }
}

/**
 * @param {string} folder
 * @param {{ isProtected: boolean }} server
 * @returns {Promise<Record<(typeof REVISIONS)[number], Check[]>>}
 */
async function checksOf(folder, { isProtected }) {
  const server = await startServer(isProtected ? clerk.env : {}, { cwd: folder });
  const token = isProtected ? await clerk.mint({ user: "ada", resource: server.url }) : undefined;
  const proxy = await startBearerProxy(server.url, token?.access_token);
  try {
    return {
      "2025-11-25": await runOfficialSuite(proxy.url, "2025-11-25"),
      "2026-07-28": await runOfficialSuite(proxy.url, "2026-07-28"),
    };
  } finally {
    proxy.stop();
    await server.stop();
  }
}

/**
 * Waits for both even if one fails: the other has a server to stop.
 *
 * @template T
 * @param {Promise<T>} one
 * @param {Promise<T>} other
 * @returns {Promise<[T, T]>}
 */
async function both(one, other) {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

/** Runs against the built template, unchanged. */
async function oauthTest() {
  heading(`@mcpjam/sdk ${versions["@mcpjam/sdk"]}: OAuthConformanceTest`);
  const server = await startServer(clerk.env);
  try {
    const flows = await runOAuthFlows(server.url);
    printFlows(flows, expected.oauth);
    return judgeFlows(flows, expected.oauth);
  } finally {
    await server.stop();
  }
}

async function mcpjamClient() {
  heading(`@mcpjam/sdk ${versions["@mcpjam/sdk"]}: a client that refreshes its token, and calls a tool`);
  const problems = await runMcpjamClient();
  if (problems.length === 0) console.log("  whoami answers as the user who signed in");
  return problems;
}
