import { afterAll, onTestFinished, TestRunner } from "vitest";

/** Runs when the test that is running is over or, outside of tests, when the test file is. */
export function atEnd(cleanUp: () => unknown): void {
  const hook = async () => {
    await cleanUp();
  };
  if (TestRunner.getCurrentTest()) onTestFinished(hook);
  else afterAll(hook);
}
