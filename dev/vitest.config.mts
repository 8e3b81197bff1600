import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";

/** Set in the copy that the scaffold test installs and tests, which would otherwise do the same without end. */
const isScaffolded = process.env.WITHOUT_SCAFFOLD_TEST === "1";

export const template = {
  env: { CLERK_TELEMETRY_DISABLED: "1", XMCP_TELEMETRY_DISABLED: "true" },
  setupFiles: ["test/support/shell-environment.ts"],
  maxWorkers: 2,
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

/** The projects in a folder, each with a configuration of its own. Whoever has no use for examples deletes them. */
function projectsIn(folder: string) {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .map((name) => ({ name, root: `${folder}/${name}`, extends: `./${folder}/${name}/vitest.config.mts` }))
    .filter((candidate) => existsSync(candidate.extends));
}

// What is in a package, or runs on another platform, does not depend on how the template came about.
const AFTER_INSTALLATION = ["test/{demo,deny-by-default,dev,tools}.test.ts"];
const parts = isScaffolded ? [] : [...projectsIn("packages"), ...projectsIn("examples")];

export default defineConfig({
  test: {
    maxWorkers: 2,
    silent: "passed-only",
    reporters: ["default", "./test/support/closing-line.ts"],
    // One group after the other: what is timed in one does not wait for the processors of the next.
    projects: [
      ...parts.map(({ name, root, extends: configuration }, groupOrder) => ({
        extends: configuration,
        root,
        test: { name, sequence: { groupOrder } },
      })),
      {
        test: {
          ...template,
          name: "template",
          include: isScaffolded ? AFTER_INSTALLATION : ["test/*.test.ts"],
          globalSetup: ["test/support/built-server.ts", "test/support/searched-output.ts"],
          sequence: { groupOrder: parts.length },
        },
      },
      ...(isScaffolded
        ? []
        : [
            {
              test: {
                ...template,
                name: "scaffold",
                // The others: npm run test:scaffold.
                include: ["test/scaffold/{npm,pnpm}.test.ts"],
                fileParallelism: false,
                sequence: { groupOrder: parts.length + 1 },
              },
            },
          ]),
    ],
  },
});
