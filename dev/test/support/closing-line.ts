/** Ends the output with a plain line, `12 passed, 0 failed`, for readers who do not know the test runner. */
import type { Reporter, TestModule } from "vitest/node";

export default class ClosingLine implements Reporter {
  #counts: { readonly passed: number; readonly failed: number } | undefined;

  constructor() {
    // Reporters end in parallel; this line must come last.
    process.once("exit", () => {
      if (this.#counts === undefined) return;
      const { passed, failed } = this.#counts;
      // Problems found after the last test also fail the run.
      console.log(`${passed} passed, ${failed === 0 && process.exitCode === 1 ? 1 : failed} failed`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === "passed").length;
    const failed = tests.filter((test) => test.result().state === "failed").length;
    // A file that cannot be loaded, a hook or an unhandled rejection fails the run without failing a test.
    const broken = modules.filter(
      (module) => !module.ok() && [...module.children.allTests("failed")].length === 0,
    );
    this.#counts = { passed, failed: failed + broken.length + errors.length };
  }
}
