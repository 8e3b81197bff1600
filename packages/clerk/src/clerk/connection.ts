import { ClerkFailure } from "../errors/clerk-failure.js";
import type { ClerkCall } from "../events/events.js";
import { keptAlive } from "../runtime/keep-alive.js";
import { CircuitBreaker } from "./circuit-breaker.js";
import { ConcurrencyLimit } from "./concurrency-limit.js";
import type { ClerkHealth } from "./health.js";

const TIMEOUT_MS = 5_000;
const CALLS = { running: 100, waiting: 1_000, waitMs: TIMEOUT_MS } as const;
/** A slower failure is not retried: the caller has already waited long enough. */
const RETRY_WITHIN_MS = 1_000;
const RETRY_DELAY_MS = { least: 50, most: 250 } as const;

export interface CallOptions {
  /** Whether the call may be made twice. */
  readonly retry: boolean;
  /** Whether the call is about a credential that Clerk accepted before. Default: false. */
  readonly isKnown?: boolean;
}

/**
 * Calls that share their limits. Anyone can cause calls about unknown credentials, so they share limits with nothing else: they must
 * not keep a verified caller from an answer.
 */
function groupOf(operation: ClerkCall, { isKnown = false }: CallOptions): string {
  if (operation === "token verification") return isKnown ? "known credentials" : "unknown credentials";
  return operation === "organization lookup" || operation === "metadata lookup" ? "look-ups" : operation;
}

/**
 * Calls to one of Clerk's APIs. They are limited in time and number, retried once where that can help, and stopped
 * while the API fails, so that callers get the failure within milliseconds. Each group of calls has its own limits.
 */
export interface ClerkConnection {
  /**
   * @param attempt makes the call; aborting the signal ends it. Throws a `ClerkFailure` for an error from Clerk.
   * @throws {ClerkFailure} and any other error that `attempt` throws.
   */
  call<T>(
    operation: ClerkCall,
    attempt: (signal: AbortSignal) => Promise<T>,
    options: CallOptions,
  ): Promise<T>;
}

export function clerkConnection(health: ClerkHealth): ClerkConnection {
  const groups = new Map<string, ClerkConnection>();
  return {
    call(operation, attempt, options) {
      const name = groupOf(operation, options);
      let group = groups.get(name);
      if (group === undefined) {
        group = connectionOfGroup(health);
        groups.set(name, group);
      }
      return group.call(operation, attempt, options);
    },
  };
}

function connectionOfGroup(health: ClerkHealth): ClerkConnection {
  const breaker = new CircuitBreaker();
  const limit = new ConcurrencyLimit(CALLS);

  async function withLimits<T>(
    operation: ClerkCall,
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (!(await limit.enter())) throw unavailable("too many concurrent calls", 1_000);
    try {
      const pauseMs = breaker.pause();
      if (pauseMs !== undefined) throw unavailable("it failed repeatedly a moment ago", pauseMs);
      return await withHealth(operation, attempt);
    } finally {
      limit.leave();
    }
  }

  async function withHealth<T>(
    operation: ClerkCall,
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    try {
      const result = await withTimeout(attempt);
      breaker.succeeded();
      health.succeeded(operation);
      return result;
    } catch (error) {
      if (error instanceof ClerkFailure) record(operation, error);
      else breaker.abandoned();
      throw error;
    }
  }

  function record(operation: ClerkCall, { kind, retryAfterSeconds }: ClerkFailure): void {
    if (kind === "unavailable") breaker.failed(milliseconds(retryAfterSeconds));
    else breaker.succeeded();
    if (kind === "rejected") health.succeeded(operation);
    else health.failed(operation, kind);
  }

  async function withRetry<T>(
    operation: ClerkCall,
    attempt: (signal: AbortSignal) => Promise<T>,
    { retry }: CallOptions,
  ): Promise<T> {
    const started = performance.now();
    try {
      return await withLimits(operation, attempt);
    } catch (error) {
      const isSoon = performance.now() - started < RETRY_WITHIN_MS;
      if (!retry || !isSoon || !isTransient(error)) throw error;
      await delay(RETRY_DELAY_MS.least + Math.random() * (RETRY_DELAY_MS.most - RETRY_DELAY_MS.least));
      return withLimits(operation, attempt);
    }
  }

  // Must finish even if the request ends (Workers): it may be shared, and limit and breaker need its outcome.
  return { call: (operation, attempt, options) => keptAlive(withRetry(operation, attempt, options)) };
}

/** Whether a retry can help, and Clerk did not request a pause. */
function isTransient(error: unknown): boolean {
  return (
    error instanceof ClerkFailure && error.kind === "unavailable" && error.retryAfterSeconds === undefined
  );
}

function unavailable(reason: string, retryAfterMs: number): ClerkFailure {
  return new ClerkFailure("unavailable", new Error(reason), { retryAfterSeconds: retryAfterMs / 1000 });
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

/** Abandons an attempt that ignores the signal, so that its caller does not wait for it. */
async function withTimeout<T>(attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ClerkFailure("unavailable", new Error(`no answer within ${TIMEOUT_MS} ms`)));
      controller.abort();
    }, TIMEOUT_MS);
  });
  try {
    return await Promise.race([attempt(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
