import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/build.ts"],
    isolate: false,
    maxWorkers: 4,
    env: { CLERK_TELEMETRY_DISABLED: "1", XMCP_TELEMETRY_DISABLED: "true" },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
