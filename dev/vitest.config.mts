import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { IS_BUNDLED, installedChromium } from "./scripts/chromium.mjs";
import { LongestFirst } from "./test/support/longest-first.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** These need a browser. Where none is installed and no npm package has one, `npm run test:system` runs them. */
const BROWSER_TESTS = [
  ...["browser-sign-in", "home-page", "inspector", "stand-in-page"].map((name) => `dev/test/${name}.test.ts`),
  "examples/widgets/test/card.test.ts",
];
const hasBrowser = IS_BUNDLED || installedChromium(process.env.CHROMIUM_PATH) !== undefined;
if (!hasBrowser) {
  const message =
    "No browser was found, so the tests that need one do not run here. npm run test:system names what to install.";
  if (process.env.CI) throw new Error(message);
  console.warn(message);
}

/** A sequencer of one's own takes precedence over a random order. */
const isShuffled = process.argv.some((argument) => argument.startsWith("--sequence.shuffle"));

const repository = {
  env: { CLERK_TELEMETRY_DISABLED: "1", XMCP_TELEMETRY_DISABLED: "true" },
  globalSetup: ["dev/test/support/key-pool.ts"],
  setupFiles: ["dev/test/support/shell-environment.ts", "dev/test/support/pooled-keys.ts"],
  maxWorkers: 4,
  // Files share a worker: loading the local Clerk and the SDKs takes longer than most files.
  isolate: false,
  testTimeout: 60_000,
  hookTimeout: 60_000,
};
const built = {
  ...repository,
  globalSetup: [
    ...repository.globalSetup,
    "dev/test/support/built-server.ts",
    "dev/test/support/searched-output.ts",
  ],
};

/** The projects in a folder, each with a configuration of its own. */
function projectsIn(folder: string) {
  const names = existsSync(`${ROOT}/${folder}`) ? readdirSync(`${ROOT}/${folder}`) : [];
  return names
    .map((name) => ({
      name,
      root: `${ROOT}/${folder}/${name}`,
      extends: `${ROOT}/${folder}/${name}/vitest.config.mts`,
    }))
    .filter((candidate) => existsSync(candidate.extends))
    .map(({ name, root, extends: configuration }) => ({ extends: configuration, root, test: { name } }));
}

function project(name: string, options: object) {
  return { root: ROOT, test: { name, ...options } };
}

/** `npm test` runs `clerk` and `others`. The other projects are parts of `others`, or belong to other commands. */
export default defineConfig({
  root: ROOT,
  test: {
    maxWorkers: 4,
    silent: "passed-only",
    sequence: isShuffled ? {} : { sequencer: LongestFirst },
    reporters: ["default", fileURLToPath(new URL("test/support/closing-line.ts", import.meta.url))],
    projects: [
      ...projectsIn("packages"),
      ...projectsIn("examples"),
      // Everything but the plugin's own tests, as one project: a worker serves one project, and loading the local Clerk and the
      // SDKs takes longer than most files.
      project("others", {
        ...built,
        globalSetup: [
          ...built.globalSetup,
          ...["access-control", "connected-accounts"].map(
            (app) => `examples/${app}/test/support/built-app.ts`,
          ),
        ],
        include: [
          "dev/test/*.test.ts",
          "test/*.test.ts",
          "packages/{clerk-local,mcp-auth-conformance}/test/**/*.test.ts",
          "examples/*/test/*.test.ts",
        ],
        exclude: hasBrowser ? [] : BROWSER_TESTS,
      }),
      project("template", {
        ...built,
        include: ["dev/test/*.test.ts", "test/*.test.ts"],
        exclude: hasBrowser ? [] : BROWSER_TESTS,
      }),
      project("system", {
        ...built,
        include: ["dev/test/system/*.test.ts", ...(IS_BUNDLED ? [] : BROWSER_TESTS)],
        sequence: { groupOrder: 1 },
      }),
      // Real clients from the registry: `npm run test:clients` runs these.
      project("clients", {
        ...built,
        include: ["dev/test/clients/*.test.ts"],
        testTimeout: 180_000,
        sequence: { groupOrder: 4 },
      }),
      project("installation", {
        ...repository,
        include: ["dev/test/scaffold/{npm,pnpm,exported-template}.test.ts"],
        sequence: { groupOrder: 1 },
      }),
      // Every package manager, the exported template, and the packages as they are published.
      project("scaffold", {
        ...repository,
        include: ["dev/test/scaffold/*.test.ts"],
        fileParallelism: false,
        sequence: { groupOrder: 3 },
      }),
    ],
  },
});
