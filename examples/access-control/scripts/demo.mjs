// npm run demo: needs no account, no browser and no internet. Starts the local Clerk with the people in
// seed.json and the built server, lets each of them try the tools, and prints the results. Exits with 1 if a result is
// not the expected one.
import assert from "node:assert/strict";
import { createClerkLocal } from "@xmcp-dev/clerk-local";
import { startServer } from "@xmcp-dev/clerk-local/testing";
import seed from "../seed.json" with { type: "json" };
import { exported } from "./export-documents.mjs";
import { outcomeOf } from "./outcome.mjs";
import { SeededSignIn, signedInClient } from "./signed-in-client.mjs";

/** @import { CallToolResult } from "@modelcontextprotocol/client" */

/** Width of the first column. */
const COLUMN = 44;

const clerk = await createClerkLocal({ port: 0, seed });
const server = await startServer(clerk.env);
try {
  const ada = await person("ada", "acme");
  const bob = await person("bob", "acme");
  const grace = await person("grace", "globex");
  await whatEachSees({ ada, bob, grace });
  await stepUp();
  await documents({ ada, bob, grace });
  await image({ ada, bob });
  await apiKeys();
  for (const { close } of [ada, bob, grace]) await close();
  console.log(
    "\n✔ All calls had the expected result. The rules are in src/middleware.ts and delete-document.ts.",
  );
} catch (error) {
  console.error(
    `\n✘ ${error instanceof Error ? error.message : error}\n\nThe server said:\n${server.output()}`,
  );
  process.exitCode = 1;
} finally {
  await server.stop();
  await clerk.close();
}

/** @typedef {Awaited<ReturnType<typeof person>>} Somebody */

/**
 * @param {string} user
 * @param {string} organization picked at sign-in
 */
function person(user, organization) {
  return signedInClient(server.url, new SeededSignIn(clerk, { user, organization }));
}

/** @param {{ ada: Somebody, bob: Somebody, grace: Somebody }} people */
async function whatEachSees({ ada, bob, grace }) {
  heading("Each user sees the tools that a sign-in can open");
  const common = "add, get-documents, user-info";
  const all = "add, delete-document, generate-image, get-documents, user-info";
  show("Ada, administrator of Acme, premium", (await ada.toolNames()).join(", "), all);
  show("Bob, member of Acme", (await bob.toolNames()).join(", "), common);
  show(
    "Grace, administrator of Globex",
    (await grace.toolNames()).join(", "),
    "add, delete-document, get-documents, user-info",
  );
}

async function stepUp() {
  heading("A client gets the scopes that a tool needs when it needs them");
  /** @type {string[]} */
  const challenges = [];
  /** @type {typeof fetch} */
  const observed = async (input, init) => {
    const response = await fetch(input, init);
    if (response.status === 403) challenges.push(response.headers.get("www-authenticate") ?? "");
    return response;
  };
  const signIn = new SeededSignIn(clerk, { user: "ada", organization: "acme" });
  const client = await signedInClient(server.url, signIn, observed);
  show("it has signed in for", signIn.asked.join(), /^profile email user:org:read offline_access$/);
  clerk.requests({ reset: true });
  const outcome = await outcomeOf(client.call("get-documents"), titles);
  show(
    "Ada's get-documents is refused with",
    challenges.join(),
    /^Bearer error="insufficient_scope", scope="/,
  );
  show("it signs in again, now for", signIn.asked.slice(1).join(), /\bdocuments:read$/);
  show("the same call", outcome, /^ok: Draft of a letter, Plan for the year, Prices$/);
  const signIns = clerk.requests().filter(({ path }) => path === "/oauth/authorize").length;
  show("sign-ins that this took", String(signIns), "1");
  await client.close();
}

/** @param {{ ada: Somebody, bob: Somebody, grace: Somebody }} people */
async function documents({ ada, bob, grace }) {
  heading("Documents belong to an organization");
  /** @param {Somebody} who @param {string} id */
  const deletes = (who, id) => outcomeOf(who.call("delete-document", { id }));
  show("Bob reads", await outcomeOf(bob.call("get-documents"), titles), /^ok: Draft .*, Plan .*, Prices$/);
  show("Grace reads", await outcomeOf(grace.call("get-documents"), titles), "ok: Recipe");
  show("Bob deletes “Prices”", await deletes(bob, "acme-prices"), /^403: .*permission org:documents:delete$/);
  show("Ada deletes “Prices”", await deletes(ada, "acme-prices"), "ok: “Prices” is deleted.");
  show("Ada deletes Bob's draft", await deletes(ada, "acme-draft"), /^tool error: .* is locked/);
  show(
    "Ada deletes Globex's recipe",
    await deletes(ada, "globex-recipe"),
    /^tool error: There is no document/,
  );
}

/** @param {{ ada: Somebody, bob: Somebody }} people */
async function image({ ada, bob }) {
  heading("Images require a role in the public metadata");
  const draw = { prompt: "access control" };
  show(
    "Ada, role premium",
    await outcomeOf(ada.call("generate-image", draw), picture),
    /^ok: image\/png, \d+ bytes$/,
  );
  show("Bob, no role", await outcomeOf(bob.call("generate-image", draw)), /^403: .*\brole\b/);
}

async function apiKeys() {
  heading("A script uses an organization's API key, without a sign-in");
  for (const { subject, name, secret } of seed.apiKeys) {
    const lines = await exported(server.url, secret);
    const expected = subject === "acme" ? /^Draft of a letter, Plan for the year$/ : /^Recipe$/;
    show(name, lines.map((line) => JSON.parse(line).title).join(", "), expected);
  }
}

/** @param {CallToolResult} result */
function titles({ structuredContent }) {
  const { documents } = /** @type {{ documents: { title: string }[] }} */ (structuredContent);
  return documents.map(({ title }) => title).join(", ");
}

/** @param {CallToolResult} result */
function picture({ content: [first] }) {
  assert(first?.type === "image", "generate-image did not return an image");
  return `${first.mimeType}, ${Buffer.from(first.data, "base64").length} bytes`;
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
 * @param {string | RegExp} expected
 */
function show(label, actual, expected) {
  console.log(`  ${label.padEnd(COLUMN - 2)}${actual}`);
  const isExpected = typeof expected === "string" ? actual === expected : expected.test(actual);
  assert(isExpected, `${label}: expected ${expected}, and it was ${actual || "nothing"}`);
}
