import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { allCases } from "../src/cases/index.js";
import type { Report } from "../src/run/run.js";
import { cli, only } from "./support/cli.js";

const CLERK_SERVER = fileURLToPath(new URL("support/clerk-server.js", import.meta.url));
/** MCP requires an audience, which Clerk does not include by default. */
const AUDIENCE = { CLERK_AUDIENCE: "required" };

const folder = mkdtempSync(join(tmpdir(), "conformance-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function clerkRun(name: string, args: readonly string[]): Promise<Report> {
  const file = join(folder, `${name}.json`);
  const { stderr } = await cli(["--profile", "clerk", "--strict", "--json", file, ...args], AUDIENCE);
  expect(stderr).toBe("");
  return JSON.parse(readFileSync(file, "utf8"));
}

let template: Report;
let scoped: Report;

beforeAll(async () => {
  const prefixes = [...new Set(cases.map(({ id }) => id.slice(0, id.indexOf(".") + 1)))];
  template = await clerkRun("template", [...only(...prefixes), "--", process.execPath, "dist/http.js"]);
  scoped = await clerkRun("scopes", [
    ...only("step-up.", "batches."),
    ...["--required-scopes", "files:read files:write"],
    ...["--", process.execPath, CLERK_SERVER],
  ]);
}, 180_000);

/** Those of these groups start a server each: `npm run test:system` runs them. */
const SLOW = /^(?:outages|floods)\./;
const cases = allCases.filter(({ id }) => !SLOW.test(id));

/** The template closes and opens no tool. dev/test runs these where one is: on Node, Express, Vercel and Workers. */
const OTHER_SERVERS: readonly unknown[] = [
  "closed-tool",
  "public-tool",
  "open-lists",
  "open-connecting",
  "closed-connecting",
];
const needOtherServers = cases.filter(({ needs }) => needs?.some((need) => OTHER_SERVERS.includes(need)));
const needScopes = cases.filter(({ needs }) => needs?.includes("required-scopes"));

it("the template passes every case, including the shoulds", () => {
  expect(template.results.filter(({ verdict }) => verdict === "failed")).toEqual([]);
  expect(template.results).toHaveLength(cases.length);
  expect(template.totals["not run"]).toBe(needOtherServers.length + needScopes.length);
  expect(template.totals.robustness).toMatchObject({ failed: 0, "not run": 0 });
  expect(template.totals.robustness.passed).toBeGreaterThanOrEqual(30);
});

it("the plugin with required scopes passes the cases about scopes and batches", () => {
  expect(scoped.totals).toMatchObject({ failed: 0, warning: 0, "not run": 0 });
});

it("every case passes in at least one of the two runs, but for those about another server", () => {
  const results = [...template.results, ...scoped.results];
  const passed = new Set(results.filter(({ verdict }) => verdict === "passed").map(({ id }) => id));
  expect(cases.filter(({ id }) => !passed.has(id))).toEqual(needOtherServers);
});
