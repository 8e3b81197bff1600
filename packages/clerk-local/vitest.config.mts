import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["../../dev/test/support/key-pool.ts"],
    setupFiles: ["../../dev/test/support/pooled-keys.ts"],
    isolate: false,
    maxWorkers: 4,
    // Each local Clerk makes an RSA key, and each CLI test a process: slow on a busy machine.
    testTimeout: 30_000,
    // Unpacking the browser, or building a server, on a busy machine.
    hookTimeout: 60_000,
    env: { CLERK_TELEMETRY_DISABLED: "1", XMCP_TELEMETRY_DISABLED: "true" },
  },
});
