import { freePort } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { nextjs } from "../platforms/platform.js";
import { clerkOutage } from "../promises/clerk-outage.js";
import { conformance } from "../promises/conformance.js";
import { denyByDefault } from "../promises/deny-by-default.js";
import { isolation } from "../promises/isolation.js";
import { misconfiguration } from "../promises/misconfiguration.js";
import { rulesInFiles } from "../promises/rules-in-files.js";
import { signingIn } from "../promises/signing-in.js";
import { tools } from "../promises/tools.js";
import { start } from "../support/program.js";
import { standIn } from "../support/protected-template.js";
import { expectOk } from "./fresh-app.js";
import { freshCopy } from "./fresh-copy.js";

const cwd = await freshCopy();
await expectOk(cwd, "npm", "install");
await expectOk(cwd, "npm", "install", "next@16.4.6", "react@19.3.1", "react-dom@19.3.1");
await expectOk(cwd, "npm", "install", "-D", "@types/react@19.3.3");
const platform = await nextjs(cwd);

/** Cases answered by Next.js, the HTTP server in front of it, or xmcp's adapter; see docs/deploy/platforms.md. */
const ANSWERED_AROUND_IT = [
  "transport.two-fields-same",
  "transport.two-fields-right-first",
  "transport.keep-alive",
  "routing.absolute-form",
  "routing.asterisk",
  "methods.trace",
  "metadata.absolute-form",
  "challenges.resource-metadata-absolute-form",
  "origin.unauthorized-readable",
  "origin.host-twice",
  "leakage.bad-well-known-path",
];

describe("signing in", () => signingIn(platform));
describe("deny by default", () => denyByDefault(platform));
describe("tools", () => tools(platform));
describe("rules", () => rulesInFiles(platform));
describe("Clerk's outages", () => clerkOutage(platform));
describe("isolation", () => isolation(platform, { users: 40, calls: 160, atOnce: 20 }));
describe("conformance", () => conformance(platform, ANSWERED_AROUND_IT));
describe("a missing environment", () => misconfiguration(platform));

it("npx next start serves it too", async () => {
  const clerk = await standIn();
  const port = await freePort();
  const BASE_URL = `http://127.0.0.1:${port}`;
  const env = { ...clerk.env, BASE_URL, NEXT_TELEMETRY_DISABLED: "1" };
  const next = start("npx", ["next", "start", "-H", "127.0.0.1", "-p", String(port)], { cwd, env });
  await next.printed("Ready in");
  expect((await fetch(`${BASE_URL}/mcp`)).status).toBe(401);
});
