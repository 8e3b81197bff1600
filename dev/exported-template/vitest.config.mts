import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Tests call the built server, so a change of any source concerns all of them.
    forceRerunTriggers: ["**/src/**"],
    // The first call builds the server.
    testTimeout: 60_000,
  },
});
