import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { allCases } from "mcp-auth-conformance";
import { expect, it } from "vitest";
import type { BuiltPlatform } from "../platforms/platform.js";
import { run } from "../support/program.js";
import { emptyFolder, ROOT } from "../support/template.js";

const SUITE = join(ROOT, "packages/mcp-auth-conformance/bin/mcp-auth-conformance.js");

/** What needs a closed tool, and what surrounds it. */
export const RULES = ["rules", "bodies", "logs"];

/** What an adapter of the plugin has a part in. The rest, about tokens, is the same on each of Node's servers. */
export const ADAPTED = [
  ...[
    "header",
    "transport",
    "routing",
    "methods",
    "metadata",
    "cards",
    "challenges",
    "origin",
    "batches",
    "leakage",
  ],
  ...RULES,
];

/** All groups but `step-up`, which needs required scopes, and `outages` and `floods`, which start a server per case. */
const GROUPS = [...ADAPTED, "jose", "claims", "kinds"];

/**
 * Runs the conformance suite against the template.
 *
 * @param platform one without a closed tool is not asked about rules
 * @param exceptions cases that are answered before the request reaches the template; docs/deploy/platforms.md says why.
 */
export function conformance(
  { cwd, entry, env, closedTool }: BuiltPlatform,
  exceptions: readonly string[],
  groups: readonly string[] = GROUPS,
): void {
  it("every conformance case passes, except for the documented ones", async () => {
    const report = join(await emptyFolder(), "report.json");
    const only = groups.flatMap((group) => ["--only", `${group}.`]);
    const closed = closedTool === undefined ? [] : ["--closed-tool", closedTool];
    const options = ["--profile", "clerk", "--strict", "--json", report, ...closed, ...only];
    const { output } = await run("node", [SUITE, ...options, "--", "node", entry], {
      cwd,
      env,
    });
    const { results } = JSON.parse(await readFile(report, "utf8").catch(() => "{}")) as {
      results?: { id: string; verdict: string }[];
    };
    const cases = allCases.filter(({ id }) => groups.includes(id.slice(0, id.indexOf("."))));
    expect(
      results?.map(({ id }) => id),
      output,
    ).toEqual(cases.map(({ id }) => id));
    const notRun = results?.filter(({ id, verdict }) => verdict === "not run" && id.startsWith("rules."));
    expect(notRun?.length === 0, output).toBe(closedTool !== undefined);
    const failed = results?.filter(({ verdict }) => verdict === "failed").map(({ id }) => id);
    expect(failed, output).toEqual(exceptions);
    const page = await readFile(join(ROOT, "docs/deploy/platforms.md"), "utf8");
    expect(exceptions.filter((id) => !page.includes(`\`${id}\``))).toEqual([]);
  }, 180_000);
}
