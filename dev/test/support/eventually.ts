import { setTimeout as delay } from "node:timers/promises";

const INTERVAL_MS = 50;

/** Repeats the question until its answer is neither `undefined` nor `false`. Fails with `what` after the time limit. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await delay(INTERVAL_MS);
  }
}
