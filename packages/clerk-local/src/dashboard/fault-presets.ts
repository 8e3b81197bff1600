/** The faults that the page can switch on, and which of them is on. */
import type { FaultRule } from "../control/faults.js";

export type Condition = "works" | "down" | "slow" | "limited";

/** The longest wait that the page can ask for. */
export const MAX_SLOW_SECONDS = 60;

const DOWN: FaultRule = { path: "/*", status: 503 };
const LIMITED: FaultRule = { path: "/v1/*", status: 429, retryAfterSeconds: 5 };

/** The page's own requests are answered before the faults, so they are never affected. */
export function faultsFor(condition: Condition, slowSeconds: number): FaultRule[] {
  switch (condition) {
    case "works":
      return [];
    case "down":
      return [DOWN];
    case "slow":
      return [{ path: "/*", latencyMs: slowSeconds * 1000 }];
    case "limited":
      return [LIMITED];
  }
}

/** The condition that these faults make, in words. `undefined`: faults of a test's own. */
export function conditionOf(rules: readonly FaultRule[]): { condition: Condition | undefined; text: string } {
  const [rule, ...more] = rules;
  if (rule === undefined) return { condition: "works", text: "Clerk works. No fault is active." };
  if (more.length === 0 && isSame(rule, DOWN)) {
    return { condition: "down", text: "Clerk is down. Every request gets 503." };
  }
  if (more.length === 0 && isSame(rule, LIMITED)) {
    return {
      condition: "limited",
      text: "Clerk limits requests. The Backend API returns 429, retry after 5 s.",
    };
  }
  if (more.length === 0 && isSame(rule, { path: "/*", latencyMs: rule.latencyMs ?? 0 })) {
    const seconds = (rule.latencyMs ?? 0) / 1000;
    return { condition: "slow", text: `Clerk is slow. Every response takes ${seconds} s longer.` };
  }
  const count = rules.length === 1 ? "a fault" : `${rules.length} faults`;
  return { condition: undefined, text: `A test has set ${count}. “Clerk works” removes it.` };
}

function isSame(one: FaultRule, other: FaultRule): boolean {
  const text = (rule: FaultRule) => JSON.stringify(Object.entries(rule).sort());
  return text(one) === text(other);
}
