import { beforeEach, describe, expect, it } from "vitest";
import { CachedAnswer } from "../src/clerk/cached-answer.js";
import { ClerkFailure } from "../src/errors/clerk-failure.js";

const POLICY = {
  refreshAfterMs: 100,
  waitAfterMs: 500,
  keepForMs: 1_000,
  renewalCooldownMs: 50,
  failureCooldownMs: 10,
};

const AWAY = new ClerkFailure("unavailable", undefined, { message: "away" });

let now: number;
let loads: { resolve(version: number): void; reject(error: Error): void }[];
let document: { get(): Promise<number>; renewed(): Promise<number> };

beforeEach(() => {
  now = 1_000_000;
  loads = [];
  const load = () => new Promise<number>((resolve, reject) => loads.push({ resolve, reject }));
  const cached = new CachedAnswer<number>(POLICY, undefined, () => now);
  document = { get: () => cached.get(load), renewed: () => cached.renewed(load) };
});

/** Settles the newest load, then waits until its waiters have run. */
async function answer(result: number | Error): Promise<void> {
  const load = loads.at(-1);
  if (result instanceof Error) load?.reject(result);
  else load?.resolve(result);
  await new Promise((resolve) => setImmediate(resolve));
}

async function held(version: number): Promise<void> {
  const got = document.get();
  await answer(version);
  expect(await got).toBe(version);
}

async function failed(waiting: Promise<number>): Promise<void> {
  await Promise.all([expect(waiting).rejects.toThrow("away"), answer(AWAY)]);
}

describe("a document", () => {
  it("is fetched once for all concurrent callers", async () => {
    const all = Promise.all(Array.from({ length: 100 }, () => document.get()));
    await answer(1);
    expect(new Set(await all)).toEqual(new Set([1]));
    expect(loads).toHaveLength(1);
  });

  it("is served from memory while it is fresh", async () => {
    await held(1);
    now += 99;
    expect(await document.get()).toBe(1);
    expect(loads).toHaveLength(1);
  });

  it("that is stale is served while a single fetch renews it", async () => {
    await held(1);
    now += 100;
    expect(await Promise.all([document.get(), document.get()])).toEqual([1, 1]);
    expect(loads).toHaveLength(2);
    await answer(2);
    expect(await document.get()).toBe(2);
  });

  it("that is older is served only if the fetch fails", async () => {
    await held(1);
    now += 500;
    const first = document.get();
    await answer(2);
    expect(await first).toBe(2);
    now += 500;
    const second = document.get();
    await answer(AWAY);
    expect(await second).toBe(2);
  });

  it("that is older is served without a wait after a failed fetch", async () => {
    await held(1);
    now += 500;
    const first = document.get();
    await answer(AWAY);
    await first;
    now += 10;
    expect(await document.get()).toBe(1);
    expect(loads).toHaveLength(3);
  });

  it("that is too old is not served, and callers wait for the new one", async () => {
    await held(1);
    now += 1_000;
    const got = document.get();
    await answer(2);
    expect(await got).toBe(2);
  });

  it("that is too old is not served even if the fetch fails", async () => {
    await held(1);
    now += 1_000;
    await failed(document.get());
  });

  it("is kept after a failed fetch, and fetched again after the cool-down", async () => {
    await held(1);
    now += 100;
    await document.get();
    await answer(AWAY);
    expect(await document.get()).toBe(1);
    expect(loads).toHaveLength(2);
    now += 10;
    expect(await document.get()).toBe(1);
    expect(loads).toHaveLength(3);
    await answer(3);
    expect(await document.get()).toBe(3);
  });
});

describe("a failure", () => {
  it("reaches all waiting callers", async () => {
    const all = Promise.allSettled([document.get(), document.get(), document.renewed()]);
    await answer(AWAY);
    expect((await all).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(loads).toHaveLength(1);
  });

  it("is repeated during the cool-down and no longer", async () => {
    await failed(document.get());
    now += 9;
    await expect(document.get()).rejects.toThrow("away");
    expect(loads).toHaveLength(1);
    now += 1;
    await held(2);
    expect(loads).toHaveLength(2);
  });
});

describe("a renewal", () => {
  it("fetches a newer document at once", async () => {
    await held(1);
    const renewed = document.renewed();
    await answer(2);
    expect(await renewed).toBe(2);
    expect(await document.get()).toBe(2);
  });

  it("happens once per cool-down, however many callers ask", async () => {
    await held(1);
    const all = Promise.all(Array.from({ length: 100 }, () => document.renewed()));
    await answer(2);
    expect(new Set(await all)).toEqual(new Set([2]));
    now += 49;
    expect(await document.renewed()).toBe(2);
    expect(loads).toHaveLength(2);
    now += 1;
    const later = document.renewed();
    await answer(3);
    expect(await later).toBe(3);
  });

  it("that fails is tried again after the shorter cool-down of a failure", async () => {
    await held(1);
    await failed(document.renewed());
    await expect(document.renewed()).rejects.toThrow("away");
    expect(loads).toHaveLength(2);
    now += 10;
    const renewed = document.renewed();
    await answer(2);
    expect(await renewed).toBe(2);
  });
});
