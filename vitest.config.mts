import { defineConfig } from "vitest/config";

/** Set in the copy that the scaffold test installs and tests, which would otherwise do the same without end. */
const isScaffolded = process.env.WITHOUT_SCAFFOLD_TEST === "1";

const template = {
  env: { CLERK_TELEMETRY_DISABLED: "1", XMCP_TELEMETRY_DISABLED: "true" },
  setupFiles: ["test/support/shell-environment.ts"],
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    silent: "passed-only",
    reporters: ["default", "./test/support/closing-line.ts"],
    // One group after the other: what is timed in one does not wait for the processors of the next.
    projects: [
      "packages/*",
      {
        test: {
          ...template,
          name: "template",
          include: ["test/*.test.ts"],
          globalSetup: ["test/support/built-server.ts"],
          sequence: { groupOrder: 1 },
        },
      },
      ...(isScaffolded
        ? []
        : [
            {
              test: {
                ...template,
                name: "scaffold",
                include: ["test/scaffold/*.test.ts"],
                sequence: { groupOrder: 2 },
              },
            },
          ]),
    ],
  },
});
