import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@xmcp-dev\/clerk$/, replacement: fileURLToPath(new URL("src/index.ts", import.meta.url)) },
      {
        find: /^@xmcp-dev\/clerk\/testing$/,
        replacement: fileURLToPath(new URL("src/testing/index.ts", import.meta.url)),
      },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/build.ts", "../../dev/test/support/key-pool.ts"],
    setupFiles: ["../../dev/test/support/pooled-keys.ts", "test/close-servers.ts"],
    // Files share a worker: loading the plugin and the local Clerk takes longer than most files.
    isolate: false,
    env: {
      CLERK_TELEMETRY_DISABLED: "1",
      // A wrong rule is then a warning, and does not end the process.
      NODE_ENV: "development",
      XMCP_TELEMETRY_DISABLED: "true",
      // Not set, whatever the shell says.
      CLERK_AUDIENCE: "",
      CLERK_JWT_KEY: "",
      VERCEL: "",
      AWS_LAMBDA_FUNCTION_NAME: "",
    },
    unstubEnvs: true,
    restoreMocks: true,
    testTimeout: 20_000,
    // Unpacking the browser, or building a server, on a busy machine.
    hookTimeout: 60_000,
    maxConcurrency: 12,
    // Much of the time is spent waiting for a Clerk that hangs.
    maxWorkers: 4,
  },
});
