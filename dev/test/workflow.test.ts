import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./support/template.js";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

it("the workflow runs .ci/run, also on the oldest supported Node, and the tests of downloaded clients", () => {
  const workflow = read(".github/workflows/ci.yml");
  expect([...workflow.matchAll(/- run: (.*)/g)].map(([, command]) => command)).toEqual([
    ".ci/run",
    "npm install",
    "npm run test:clients",
  ]);
  expect(read(".ci/run")).toContain("npm install && npm test");
  const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
  const [oldest] = /\d+/.exec(engines.node) ?? [];
  expect(workflow).toContain(`node: [${oldest}, 22, 24]`);
});

it("every action is pinned by its commit, and a comment names its version", () => {
  const used = [...read(".github/workflows/ci.yml").matchAll(/uses: (.*)/g)].map(([, action]) => action);
  expect(used).not.toEqual([]);
  for (const action of used) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

it("the workflow's time-out is longer than that of .ci/run", () => {
  const [, minutes] = /timeout-minutes: (\d+)/.exec(read(".github/workflows/ci.yml")) ?? [];
  const limits = [...read(".ci/run").matchAll(/timeout --kill-after=\w+ (\d+)m/g)].map(([, limit]) =>
    Number(limit),
  );
  expect(limits).toHaveLength(2);
  expect(Number(minutes)).toBeGreaterThan(limits.reduce((sum, limit) => sum + limit, 0));
});
