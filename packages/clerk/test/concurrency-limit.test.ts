import { expect, it } from "vitest";
import { ConcurrencyLimit } from "../src/clerk/concurrency-limit.js";

const LIMITS = { running: 2, waiting: 2, waitMs: 10_000 };

it("admits callers up to the limit, and the others in order of arrival", async () => {
  const limit = new ConcurrencyLimit(LIMITS);
  expect([limit.enter(), limit.enter()]).toEqual([true, true]);
  const entered: [string, boolean][] = [];
  const first = Promise.resolve(limit.enter()).then((isIn) => entered.push(["first", isIn]));
  const second = Promise.resolve(limit.enter()).then((isIn) => entered.push(["second", isIn]));
  limit.leave();
  await first;
  expect(entered).toEqual([["first", true]]);
  limit.leave();
  await second;
  expect(entered).toEqual([
    ["first", true],
    ["second", true],
  ]);
});

it("admits one waiting caller for each that leaves, and never exceeds the limit", async () => {
  const limit = new ConcurrencyLimit({ running: 3, waiting: 100, waitMs: 10_000 });
  let inside = 0;
  let most = 0;
  const visits = Array.from({ length: 50 }, async () => {
    expect(await limit.enter()).toBe(true);
    inside += 1;
    most = Math.max(most, inside);
    await Promise.resolve();
    inside -= 1;
    limit.leave();
  });
  await Promise.all(visits);
  expect(most).toBe(3);
  expect([limit.enter(), limit.enter(), limit.enter()]).toEqual([true, true, true]);
  expect(limit.enter()).toBeInstanceOf(Promise);
  limit.leave();
});

it("rejects a caller when the queue is full", () => {
  const limit = new ConcurrencyLimit(LIMITS);
  const answers = Array.from({ length: 5 }, () => limit.enter());
  expect(answers.at(-1)).toBe(false);
  for (let left = 0; left < 4; left += 1) limit.leave();
});

it("rejects a caller that has waited too long, and then admits the next as before", async () => {
  const limit = new ConcurrencyLimit({ running: 1, waiting: 1, waitMs: 1 });
  expect(limit.enter()).toBe(true);
  expect(await limit.enter()).toBe(false);
  limit.leave();
  expect(limit.enter()).toBe(true);
});
