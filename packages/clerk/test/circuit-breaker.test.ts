import { describe, expect, it } from "vitest";
import { CircuitBreaker } from "../src/clerk/circuit-breaker.js";

function breakerAt(start = 0) {
  const clock = { now: start };
  return { clock, breaker: new CircuitBreaker(() => clock.now) };
}

function failures(breaker: CircuitBreaker, count: number): void {
  for (let failure = 0; failure < count; failure += 1) breaker.failed();
}

/** A breaker that five failures in a row have just opened. */
function opened() {
  const made = breakerAt();
  failures(made.breaker, 5);
  return made;
}

describe("the circuit breaker", () => {
  it("lets calls through until five in a row have failed", () => {
    const { breaker } = breakerAt();
    failures(breaker, 4);
    expect(breaker.pause()).toBeUndefined();
    breaker.succeeded();
    failures(breaker, 4);
    expect(breaker.pause()).toBeUndefined();
    breaker.failed();
    expect(breaker.pause()).toBe(1_000);
  });

  it("lets one trial call through after the pause, and closes if it succeeds", () => {
    const { clock, breaker } = opened();
    clock.now = 1_000;
    expect(breaker.pause()).toBeUndefined();
    expect(breaker.pause()).toBeGreaterThan(0);
    breaker.succeeded();
    expect(breaker.pause()).toBeUndefined();
  });

  it("pauses longer after each failed trial, up to five seconds", () => {
    const { clock, breaker } = opened();
    const pauses = Array.from({ length: 6 }, () => {
      clock.now += breaker.pause() ?? 0;
      expect(breaker.pause()).toBeUndefined();
      breaker.failed();
      return breaker.pause();
    });
    expect(pauses).toEqual([2_000, 4_000, 5_000, 5_000, 5_000, 5_000]);
  });

  it("opens at once for a requested pause, up to a minute", () => {
    const { breaker } = breakerAt();
    breaker.failed(7_000);
    expect(breaker.pause()).toBe(7_000);
    breaker.failed(86_400_000);
    expect(breaker.pause()).toBe(60_000);
  });

  it("lets only one trial call through after a requested pause", () => {
    const { clock, breaker } = breakerAt();
    breaker.failed(7_000);
    clock.now = 7_000;
    expect(breaker.pause()).toBeUndefined();
    expect(breaker.pause()).toBe(1_000);
  });

  it("keeps the failure count when a pause is requested", () => {
    const { clock, breaker } = opened();
    breaker.failed();
    breaker.failed(7_000);
    clock.now = 7_000;
    expect(breaker.pause()).toBeUndefined();
    breaker.failed();
    expect(breaker.pause()).toBe(5_000);
  });

  it("lets another trial call through if one ended without an answer", () => {
    const { clock, breaker } = opened();
    clock.now = 1_000;
    expect(breaker.pause()).toBeUndefined();
    breaker.abandoned();
    expect(breaker.pause()).toBeUndefined();
    expect(breaker.pause()).toBe(1_000);
  });
});
