/** Closes the output with one plain line, `12 passed, 0 failed`, for whoever reads it without knowing the runner. */
import type { Reporter, TestModule } from "vitest/node";

export default class ClosingLine implements Reporter {
  #counts: { readonly passed: number; readonly failed: number } | undefined;

  constructor() {
    // Reporters end a run side by side; this line is to be the last one.
    process.once("exit", () => {
      if (this.#counts === undefined) return;
      const { passed, failed } = this.#counts;
      // What is found after the last test fails the run too.
      console.log(`${passed} passed, ${failed === 0 && process.exitCode === 1 ? 1 : failed} failed`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === "passed").length;
    const failed = tests.filter((test) => test.result().state === "failed").length;
    // A file that cannot be loaded, a hook or a stray promise fails a run without failing a test.
    const broken = modules.filter(
      (module) => !module.ok() && [...module.children.allTests("failed")].length === 0,
    );
    this.#counts = { passed, failed: failed + broken.length + errors.length };
  }
}
