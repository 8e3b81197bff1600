import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/*.test.ts"],
    globalSetup: [
      "../../dev/test/support/key-pool.ts",
      "../../dev/test/support/searched-output.ts",
      "test/support/built-app.ts",
    ],
    setupFiles: ["../../dev/test/support/shell-environment.ts", "../../dev/test/support/pooled-keys.ts"],
    env: { CLERK_TELEMETRY_DISABLED: "1", XMCP_TELEMETRY_DISABLED: "true" },
    isolate: false,
    maxWorkers: 4,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
