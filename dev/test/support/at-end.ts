import { afterAll, onTestFinished, TestRunner } from "vitest";

/** Runs `cleanUp` after the current test or, outside of tests, after the test file. */
export function atEnd(cleanUp: () => unknown): void {
  const hook = async () => {
    await cleanUp();
  };
  if (TestRunner.getCurrentTest()) onTestFinished(hook);
  else afterAll(hook);
}
