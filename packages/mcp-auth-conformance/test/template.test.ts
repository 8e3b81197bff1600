import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { allCases } from "../src/cases/index.js";
import type { Report } from "../src/run/run.js";
import { cli, only } from "./support/cli.js";

const CLERK_SERVER = fileURLToPath(new URL("support/clerk-server.js", import.meta.url));
/** MCP demands an audience; Clerk leaves it out unless that is switched on. */
const AUDIENCE = { CLERK_AUDIENCE: "required" };

const folder = mkdtempSync(join(tmpdir(), "conformance-"));
afterAll(() => rmSync(folder, { recursive: true }));

const passed = new Set<string>();

async function clerkRun(name: string, args: readonly string[]): Promise<Report> {
  const file = join(folder, `${name}.json`);
  const { stderr } = await cli(["--profile", "clerk", "--strict", "--json", file, ...args], AUDIENCE);
  expect(stderr).toBe("");
  const report: Report = JSON.parse(readFileSync(file, "utf8"));
  for (const { id, verdict } of report.results) if (verdict === "passed") passed.add(id);
  return report;
}

it("the template keeps every promise, the shoulds included", { timeout: 180_000 }, async () => {
  const { results, totals } = await clerkRun("template", ["--", process.execPath, "dist/http.js"]);
  expect(results.filter(({ verdict }) => verdict === "failed")).toEqual([]);
  expect(results).toHaveLength(allCases.length);
  expect(totals["not run"]).toBeLessThan(30);
});

it("the plugin with required scopes keeps those about scopes and batches", async () => {
  const scopes = ["--required-scopes", "files:read files:write"];
  const command = ["--", process.execPath, CLERK_SERVER];
  const { totals } = await clerkRun("scopes", [...only("step-up.", "batches."), ...scopes, ...command]);
  expect(totals).toMatchObject({ failed: 0, warning: 0, "not run": 0 });
});

it("every case was run and passed in one of the two", () => {
  expect(allCases.filter(({ id }) => !passed.has(id)).map(({ id }) => id)).toEqual([]);
});
