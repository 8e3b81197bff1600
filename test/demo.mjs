// npm run demo: needs no account, no browser and no internet. Starts the local Clerk and the built server, signs a
// real MCP client in, calls the four tools, and prints each step. Exits 1 if a step fails.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { createClerkLocal } from "@xmcp-dev/clerk-local";
import { HeadlessSignIn, startServer } from "@xmcp-dev/clerk-local/testing";

/** Width of the first column. */
const COLUMN = 50;

const TOOLS = { greet: { name: "World" }, whoami: {}, "get-user-info": {}, "get-my-organizations": {} };

/** The purpose of each request of a client that signs in, in order. */
const STEPS = [
  { does: "asks without a token and is refused", path: /^\/mcp$/, status: 401 },
  { does: "reads where to sign in", path: /oauth-protected-resource/, status: 200 },
  { does: "reads what that server can do", path: /oauth-authorization-server/, status: 200 },
  { does: "registers itself", path: /^\/oauth\/register$/, status: 201 },
  { does: "sends its user, Ada, to sign in and allow it", path: /^\/oauth\/authorize$/, status: 303 },
  { does: "trades the code for a token", path: /^\/oauth\/token$/, status: 200 },
];

buildIfChanged();
const clerk = await createClerkLocal({ port: 0, autoApprove: { user: "ada", organization: "acme" } });
const server = await startServer(clerk.env);
try {
  heading("Two servers on this machine");
  print("clerk-local", `${clerk.issuer}  (a local Clerk)`);
  print("MCP server", server.url);
  const client = await signIn();
  await callTools(client);
  await client.close();
  await refuseForeignToken();
  console.log("\n✔ Everything works. Next: npm run dev:local, and sign in with a browser.");
} catch (error) {
  console.error(
    `\n✘ ${error instanceof Error ? error.message : error}\n\nThe server said:\n${server.output()}`,
  );
  process.exitCode = 1;
} finally {
  await server.stop();
  await clerk.close();
}

/** Builds the server, unless its build is newer than all that it is made from. */
function buildIfChanged() {
  const made = [
    "xmcp.config.ts",
    "package.json",
    ...filesIn("src"),
    ...filesIn("node_modules/@xmcp-dev/clerk/dist"),
  ];
  if (Math.max(...made.map(changedAt)) < changedAt("dist/http.js")) return;
  console.log("Building the server …");
  const { status } = spawnSync("npm", ["run", "build"], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(1);
}

/** @param {string} folder */
function filesIn(folder) {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  return names.map((name) => join(folder, name));
}

/** @param {string} file */
function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The MCP SDK's client does it all: 401, discovery, registration, sign-in and token. */
async function signIn() {
  heading("A client signs in");
  /** @type {{ path: string, status: number }[]} */
  const seen = [];
  /** @type {typeof fetch} */
  const observed = async (input, init) => {
    const response = await fetch(input, init);
    const { pathname: path } = new URL(input instanceof Request ? input.url : input);
    const step = STEPS[seen.length];
    print(step?.does ?? "continues", `${init?.method ?? "GET"} ${path} → ${response.status}`);
    const challenge = response.headers.get("www-authenticate");
    if (challenge) print("", `WWW-Authenticate: ${challenge}`);
    seen.push({ path, status: response.status });
    return response;
  };
  const person = new HeadlessSignIn({ name: "Demo client", fetch: observed });
  const transport = () =>
    new StreamableHTTPClientTransport(new URL(server.url), { authProvider: person, fetch: observed });
  const newClient = () => new Client({ name: "demo", version: "1.0.0" });

  const first = transport();
  await assert.rejects(
    newClient().connect(first),
    UnauthorizedError,
    "The server accepted a client without a token",
  );
  assert(person.answer, "The sign-in did not return");
  await first.finishAuth(person.answer);
  for (const [index, { does, path, status }] of STEPS.entries()) {
    const actual = seen[index];
    assert(
      actual && path.test(actual.path) && actual.status === status,
      `Expected that the client ${does} (${status})`,
    );
  }
  const client = newClient();
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url), { authProvider: person }));
  print("is connected", `MCP ${client.getNegotiatedProtocolVersion()}`);
  return client;
}

/** @param {Client} client */
async function callTools(client) {
  heading("It calls the four tools");
  const { tools } = await client.listTools();
  const listed = tools.map(({ name }) => name);
  for (const [name, args] of Object.entries(TOOLS)) {
    assert(listed.includes(name), `The tool ${name} is not listed`);
    const { isError, structuredContent } = await client.callTool({ name, arguments: args });
    assert(!isError && structuredContent, `The tool ${name} failed`);
    console.log(`  ${name}\n${JSON.stringify(structuredContent, null, 2)}`.replaceAll("\n", "\n    "));
  }
}

/** A token that Clerk issued to the same user, but for another server. */
async function refuseForeignToken() {
  heading("A token that is meant for another server");
  const { access_token } = await clerk.mint({ user: "ada", resource: "https://another.example/mcp" });
  const response = await fetch(server.url, {
    method: "POST",
    headers: { authorization: `Bearer ${access_token}` },
  });
  print("is refused", `POST /mcp → ${response.status} ${await response.text()}`);
  assert.equal(response.status, 401, "A token for another server was accepted");
}

/** @param {string} text */
function heading(text) {
  console.log(`\n${text}`);
}

/**
 * @param {string} label
 * @param {string} text
 */
function print(label, text) {
  console.log(`  ${label.padEnd(COLUMN - 2)}${text}`);
}
