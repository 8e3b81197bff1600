import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { allCases } from "mcp-auth-conformance";
import { expect, it } from "vitest";
import { run } from "../support/program.js";
import { emptyFolder, ROOT } from "../support/template.js";

const SUITE = join(ROOT, "packages/mcp-auth-conformance/bin/mcp-auth-conformance.js");
const GROUPS = ["outages.", "floods."];

it("the template passes the conformance cases that start a server each", { timeout: 120_000 }, async () => {
  const report = join(await emptyFolder(), "report.json");
  const only = GROUPS.flatMap((group) => ["--only", group]);
  const options = ["--profile", "clerk", "--strict", "--json", report, ...only];
  const { code, output } = await run("node", [SUITE, ...options, "--", "node", "dist/http.js"], {
    cwd: ROOT,
    env: {},
  });
  expect(code, output).toBe(0);
  const { results } = JSON.parse(await readFile(report, "utf8")) as {
    results: { id: string; verdict: string }[];
  };
  const cases = allCases.filter(({ id }) => GROUPS.some((group) => id.startsWith(group)));
  expect(results.map(({ id, verdict }) => [id, verdict])).toEqual(cases.map(({ id }) => [id, "passed"]));
});
