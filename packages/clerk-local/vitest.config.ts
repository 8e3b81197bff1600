import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    env: { CLERK_TELEMETRY_DISABLED: "1", XMCP_TELEMETRY_DISABLED: "true" },
  },
});
