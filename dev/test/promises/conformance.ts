import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { BuiltPlatform } from "../platforms/platform.js";
import { run } from "../support/program.js";
import { emptyFolder, ROOT } from "../support/template.js";

const SUITE = join(ROOT, "packages/mcp-auth-conformance/bin/mcp-auth-conformance.js");

/** All but `outages` and `floods`, each case of which starts a server of its own, and scopes for every call. */
const GROUPS = [
  ...["header", "transport", "jose", "claims", "kinds", "routing", "methods"],
  ...["metadata", "challenges", "origin", "batches", "leakage"],
];

/**
 * The template keeps every promise of the conformance suite.
 *
 * @param exceptions cases that what stands before the server answers by itself; docs/platforms.md says why.
 */
export function conformance({ cwd, entry, env }: BuiltPlatform, exceptions: readonly string[]): void {
  it("the conformance suite finds nothing wrong, but for what is documented", async () => {
    const report = join(await emptyFolder(), "report.json");
    const only = GROUPS.flatMap((group) => ["--only", `${group}.`]);
    const options = ["--profile", "clerk", "--strict", "--json", report, ...only];
    const { output } = await run("node", [SUITE, ...options, "--", "node", entry], {
      cwd,
      env: { ...env, CLERK_AUDIENCE: "required" },
    });
    const { results } = JSON.parse(await readFile(report, "utf8").catch(() => "{}")) as {
      results?: { id: string; verdict: string }[];
    };
    expect(results?.length, output).toBeGreaterThan(600);
    const failed = results?.filter(({ verdict }) => verdict === "failed").map(({ id }) => id);
    expect(failed, output).toEqual(exceptions);
    const page = await readFile(join(ROOT, "docs/platforms.md"), "utf8");
    expect(exceptions.filter((id) => !page.includes(`\`${id}\``))).toEqual([]);
  }, 180_000);
}
