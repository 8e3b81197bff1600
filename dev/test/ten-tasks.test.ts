/**
 * Ten tasks that developers come with. Each is done by following one page from a fresh exported template on the local
 * Clerk, and a test does what the page says.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RECIPES as PAGES } from "./support/recipe-project.js";
import { ROOT } from "./support/template.js";

const RECIPES = "dev/test/recipes.test.ts";
const DEPLOYMENT = "dev/test/recipes-deployment.test.ts";

interface Task {
  readonly page: string;
  /** The file with the tests, and the words with which their names begin. */
  readonly done: readonly [file: string, ...tests: string[]];
}

const TASKS: Readonly<Record<string, readonly Task[]>> = {
  "call Google or GitHub for the user": [task("call-google-or-github")],
  "test a tool as a signed-in user": [task("test-your-tools")],
  "keep tenants apart in a real database": [task("multi-tenant-database")],
  "migrate from another library": [
    task("migrate-from-xmcp-clerk"),
    task("migrate-from-clerk-mcp-tools"),
    task("migrate-from-mcp-use"),
  ],
  "see logs and metrics, and raise alerts": [task("logs-metrics-alerts")],
  "test and deploy from GitHub Actions": [
    {
      ...task("deploy-from-ci"),
      done: [DEPLOYMENT, "the job test is the exported template's", "the job for %s"],
    },
  ],
  "open a tool to everybody": [task("public-tools")],
  "bring a scope from Clerk's dashboard to a rule": [
    {
      ...task("custom-scopes"),
      done: [RECIPES, "a token with the advertised scopes opens one tool", "the challenge names every scope"],
    },
  ],
  "let a CI job call with an API key": [task("api-keys-for-ci")],
  "lock somebody out at once": [task("revoke-now")],
};

/** A task whose test begins with the name of its page. */
function task(recipe: string): Task {
  return { page: `docs/recipes/${recipe}.md`, done: [RECIPES, `${recipe}: `] };
}

it("there are ten", () => {
  expect(Object.keys(TASKS)).toHaveLength(10);
});

it.each(Object.entries(TASKS))("%s: one page, and a test that follows it", (_, pages) => {
  for (const { page, done } of pages) {
    expect(existsSync(join(ROOT, page))).toBe(true);
    const [file, ...tests] = done;
    const source = readFileSync(join(ROOT, file), "utf8");
    for (const name of tests) expect(source).toMatch(new RegExp(`\\((\\s*)"${name}`));
  }
});

it.each(PAGES)("%s has a test of its own", (recipe) => {
  const sources = [RECIPES, DEPLOYMENT].map((file) => readFileSync(join(ROOT, file), "utf8"));
  expect(sources.join("\n")).toMatch(new RegExp(`\\(\\s*"${recipe}[":]`));
});
