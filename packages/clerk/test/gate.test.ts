import { expect, it } from "vitest";
import { ConcurrencyLimit } from "../src/clerk/concurrency-limit.js";

const LIMITS = { running: 2, waiting: 2, waitMs: 10_000 };

it("lets in as many as it may, and the others in the order of their arrival", async () => {
  const gate = new ConcurrencyLimit(LIMITS);
  expect([gate.enter(), gate.enter()]).toEqual([true, true]);
  const order: string[] = [];
  const first = Promise.resolve(gate.enter()).then(() => order.push("first"));
  const second = Promise.resolve(gate.enter()).then(() => order.push("second"));
  gate.leave();
  await first;
  expect(order).toEqual(["first"]);
  gate.leave();
  await second;
  expect(order).toEqual(["first", "second"]);
});

it("turns away who would wait beyond the limit", () => {
  const gate = new ConcurrencyLimit(LIMITS);
  const answers = Array.from({ length: 5 }, () => gate.enter());
  expect(answers.at(-1)).toBe(false);
  for (let left = 0; left < 4; left += 1) gate.leave();
});

it("turns away who has waited long enough, and then lets in the next as before", async () => {
  const gate = new ConcurrencyLimit({ running: 1, waiting: 1, waitMs: 1 });
  expect(gate.enter()).toBe(true);
  expect(await gate.enter()).toBe(false);
  gate.leave();
  expect(gate.enter()).toBe(true);
});
