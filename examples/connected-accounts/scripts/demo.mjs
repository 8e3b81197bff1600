// npm run demo: needs no account, no browser and no internet. Starts the local Clerk, which also answers like GitHub,
// and the built server; lets each person in seed.json try the tools, and prints the results. Exits with 1 if a result is
// not the expected one.
import assert from "node:assert/strict";
import { createClerkLocal } from "@xmcp-dev/clerk-local";
import { startServer } from "@xmcp-dev/clerk-local/testing";
import seed from "../seed.json" with { type: "json" };
import { signedInClient } from "./signed-in-client.mjs";

/** @import { CallToolResult } from "@modelcontextprotocol/client" */

/** Width of the first column. */
const COLUMN = 44;

const clerk = await createClerkLocal({ port: 0, seed, autoApprove: true });
const server = await startServer({ ...clerk.env, GITHUB_API_URL: `${clerk.issuer}/providers/github` });
try {
  await connected();
  await opensPages();
  await showsTheLink();
  console.log("\n✔ All as it should be. Next: npm run dev:local, and connect an account in a browser.");
} catch (error) {
  console.error(
    `\n✘ ${error instanceof Error ? error.message : error}\n\nThe server said:\n${server.output()}`,
  );
  process.exitCode = 1;
} finally {
  await server.stop();
  await clerk.close();
}

async function connected() {
  heading("Ada has connected her GitHub account");
  const ada = await signedInClient(server.url, "ada");
  show(
    "list-repositories",
    outcome(await ada.call("list-repositories")),
    "ok: ada/analytical-engine, ada/notes",
  );
  show("latest-repository", outcome(await ada.call("latest-repository")), "ok: ada/analytical-engine");
  await ada.close();
}

async function opensPages() {
  heading("Grace has not allowed access to repositories. Her client can open pages");
  const grace = await signedInClient(server.url, "grace", ({ url, message }) => {
    show("it shows", message, "Connect your GitHub account again, and allow repo.");
    show("and opens", url, `${clerk.issuer}/user`);
    clerk.connectedAccounts.connect({ user: "grace", provider: "github", scopes: ["read:user", "repo"] });
  });
  show(
    "she connects it, and the same call",
    outcome(await grace.call("list-repositories")),
    "ok: grace/compiler",
  );
  await grace.close();
}

async function showsTheLink() {
  heading("Bob has no account connected. His client can only show text");
  const bob = await signedInClient(server.url, "bob");
  const link = `tool error: Connect your GitHub account. Open ${clerk.issuer}/user, then ask again.`;
  show("list-repositories", outcome(await bob.call("list-repositories")), link);
  show("latest-repository, by its rule", outcome(await bob.call("latest-repository")), link);
  await bob.close();
}

/** @param {CallToolResult} result */
function outcome({ content: [first], isError }) {
  const text = first?.type === "text" ? first.text.replaceAll("\n", ", ") : "";
  return `${isError ? "tool error" : "ok"}: ${text}`;
}

/** @param {string} text */
function heading(text) {
  console.log(`\n${text}`);
}

/**
 * Prints a result, and fails if it is not the expected one.
 *
 * @param {string} label
 * @param {string} actual
 * @param {string} expected
 */
function show(label, actual, expected) {
  console.log(`  ${label.padEnd(COLUMN - 2)}${actual}`);
  assert(actual === expected, `${label}: expected ${expected}, and it was ${actual || "nothing"}`);
}
