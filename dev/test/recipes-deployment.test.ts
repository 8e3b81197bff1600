/** The recipes of `docs/recipes` that concern a stage or a workflow: the files of the pages, as they stand. */
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { start } from "./support/program.js";
import { blocksOf, codeOf } from "./support/recipe-project.js";
import { commandsCalledBy, jobsOf } from "./support/recorded-commands.js";
import { emptyFolder, ROOT } from "./support/template.js";

it("environments: one build starts with the settings of a stage", async () => {
  const folder = await emptyFolder();
  await symlink(join(ROOT, "dist"), join(folder, "dist"), "junction");
  const stage = codeOf("environments", ".env.staging").replace("sk_test_...", "sk_test_page");
  const files = { ".env.staging": stage, "scripts/start.sh": codeOf("environments", "scripts/start.sh") };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  const port = String(await freePort());
  const server = start("sh", ["scripts/start.sh", "staging"], { cwd: folder, env: { PORT: port } });
  await server.printed("MCP Server running on");
  const metadata = await fetch(`http://127.0.0.1:${port}/.well-known/oauth-protected-resource/mcp`);
  expect(await metadata.json()).toMatchObject({
    resource: "https://mcp-staging.example.com/mcp",
    authorization_servers: ["https://your-app-00.clerk.accounts.dev"],
  });
});

describe("deploy-from-ci", () => {
  const [workflow = "", workers = "", docker = ""] = blocksOf("deploy-from-ci").map(({ code }) => code);
  const PROGRAMS = ["npm", "npx", "docker"];
  const deploying = (text: string) => {
    const { deploy } = jobsOf(text);
    if (deploy === undefined) throw new Error("There is no job deploy.");
    return deploy;
  };

  it("the job test is the exported template's", async () => {
    const { test } = jobsOf(workflow);
    const file = join(ROOT, "dev/exported-template/.github/workflows/ci.yml");
    expect(test).toEqual(jobsOf(await readFile(file, "utf8")).test);
  });

  it.each([
    [
      "Vercel",
      workflow,
      [
        "npm ci",
        "npx vercel@64.0.2 pull --yes --environment=production --token=<secrets.VERCEL_TOKEN>",
        "npx vercel@64.0.2 build --prod --token=<secrets.VERCEL_TOKEN>",
        "npx vercel@64.0.2 deploy --prebuilt --prod --token=<secrets.VERCEL_TOKEN>",
      ],
    ],
    ["Workers", workers, ["npm ci", "npm run build:cf", "npx wrangler@4.164.0 deploy"]],
    [
      "a container registry",
      docker,
      [
        "docker login ghcr.io --username ada --password-stdin",
        "docker build --tag ghcr.io/<github.repository>:0123abc --tag ghcr.io/<github.repository>:latest .",
        "docker push --all-tags ghcr.io/<github.repository>",
      ],
    ],
  ])("the job for %s deploys main after the tests, with these commands", async (_, text, commands) => {
    const job = deploying(text);
    expect(job).toMatchObject({ needs: "test", if: "github.ref == 'refs/heads/main'" });
    const env = { ...job.env, GITHUB_ACTOR: "ada", GITHUB_SHA: "0123abc" };
    expect(await commandsCalledBy({ ...job, env }, PROGRAMS)).toEqual(commands);
  });

  it("every action is pinned by its commit, and a comment names its version", () => {
    const used = [...`${workflow}${workers}${docker}`.matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(used.length).toBeGreaterThan(5);
    for (const action of used) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

it("logs-metrics-alerts: every type, reason, change and outcome of the page is one of the plugin's", async () => {
  const page = await readFile(join(ROOT, "docs/recipes/logs-metrics-alerts.md"), "utf8");
  const named = [...page.matchAll(/`?\b(?:type|reason|change|outcome) ?=+ ?"(\w+)"/g)].map(
    ([, value]) => value,
  );
  const events = await readFile(join(ROOT, "packages/clerk/src/events/events.ts"), "utf8");
  const refusals = await readFile(join(ROOT, "packages/clerk/src/errors/refusal.ts"), "utf8");
  expect(named.length).toBeGreaterThan(12);
  expect(named.filter((value) => !new RegExp(`\\b${value}\\b`).test(events + refusals))).toEqual([]);
});
