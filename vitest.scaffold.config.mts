import { defineConfig } from "vitest/config";
import { template } from "./vitest.config.mjs";

/** `npm run test:scaffold`: every package manager, the exported template, and the packages as they are published. */
export default defineConfig({
  test: {
    ...template,
    name: "scaffold",
    include: ["test/scaffold/*.test.ts"],
    reporters: ["default", "./test/support/closing-line.ts"],
    silent: "passed-only",
    // Each of them uses all there is of the machine.
    fileParallelism: false,
  },
});
