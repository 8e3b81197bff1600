import { expect, it } from "vitest";
import { ConcurrencyLimit } from "../src/clerk/concurrency-limit.js";

const LIMITS = { running: 2, waiting: 2, waitMs: 10_000 };

it("admits callers up to the limit, and the others in order of arrival", async () => {
  const gate = new ConcurrencyLimit(LIMITS);
  expect([gate.enter(), gate.enter()]).toEqual([true, true]);
  const entered: [string, boolean][] = [];
  const first = Promise.resolve(gate.enter()).then((isIn) => entered.push(["first", isIn]));
  const second = Promise.resolve(gate.enter()).then((isIn) => entered.push(["second", isIn]));
  gate.leave();
  await first;
  expect(entered).toEqual([["first", true]]);
  gate.leave();
  await second;
  expect(entered).toEqual([
    ["first", true],
    ["second", true],
  ]);
});

it("admits one waiting caller for each that leaves, and never exceeds the limit", async () => {
  const gate = new ConcurrencyLimit({ running: 3, waiting: 100, waitMs: 10_000 });
  let inside = 0;
  let most = 0;
  const visits = Array.from({ length: 50 }, async () => {
    expect(await gate.enter()).toBe(true);
    inside += 1;
    most = Math.max(most, inside);
    await Promise.resolve();
    inside -= 1;
    gate.leave();
  });
  await Promise.all(visits);
  expect(most).toBe(3);
  expect([gate.enter(), gate.enter(), gate.enter()]).toEqual([true, true, true]);
  expect(gate.enter()).toBeInstanceOf(Promise);
  gate.leave();
});

it("rejects a caller when the queue is full", () => {
  const gate = new ConcurrencyLimit(LIMITS);
  const answers = Array.from({ length: 5 }, () => gate.enter());
  expect(answers.at(-1)).toBe(false);
  for (let left = 0; left < 4; left += 1) gate.leave();
});

it("rejects a caller that has waited too long, and then admits the next as before", async () => {
  const gate = new ConcurrencyLimit({ running: 1, waiting: 1, waitMs: 1 });
  expect(gate.enter()).toBe(true);
  expect(await gate.enter()).toBe(false);
  gate.leave();
  expect(gate.enter()).toBe(true);
});
