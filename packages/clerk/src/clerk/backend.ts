import type { ClerkClient } from "@clerk/backend";
import { ClerkFailure, failureKind } from "../errors/clerk-failure.js";
import type { ClerkCall } from "../events/events.js";
import type { Settings } from "../options/settings.js";
import { type CallOptions, clerkConnection } from "./connection.js";
import type { ClerkHealth } from "./health.js";

/** Clerk's Backend API. The SDK is loaded on first use: most requests never need it. */
export interface ClerkBackend {
  /**
   * Makes one call with the SDK's client, with a time-out. Only calls that read may be retried.
   *
   * @throws {ClerkFailure} if Clerk does not answer, answers with an error, or in a form that the SDK cannot read. A
   * mistake of a tool's in the call itself does not reach Clerk and is rethrown unchanged.
   */
  call<T>(operation: ClerkCall, run: (client: ClerkClient) => Promise<T>, options?: CallOptions): Promise<T>;
}

export function clerkBackend({ secretKey, apiUrl }: Settings, health: ClerkHealth): ClerkBackend {
  const connection = clerkConnection(health);
  let client: Promise<ClerkClient> | undefined;
  const load = async (): Promise<ClerkClient> => {
    const { createClerkClient } = await import("@clerk/backend");
    return createClerkClient({ secretKey, apiUrl, telemetry: { disabled: true } });
  };
  return {
    async call(operation, run, options = { retry: true }) {
      client ??= load();
      const ready = await client;
      const attempt = () =>
        run(ready).then(notText, operation === "tool" ? failureOfClerk : failureOfOwnCall);
      return connection.call(operation, attempt, options);
    },
  };
}

/** The SDK returns a body that is not JSON, such as a proxy's error page, as if it were the answer. */
function notText<T>(answer: T): T {
  if (typeof answer === "string") throw new ClerkFailure("unavailable", new Error("the answer is not JSON"));
  return answer;
}

/** The part of the SDK's errors that this module reads. `clerkError` marks a call that reached Clerk or the network. */
interface SdkError {
  readonly clerkError?: unknown;
  readonly status?: unknown;
  /** In seconds. */
  readonly retryAfter?: unknown;
}

function failureOfClerk(error: unknown): never {
  const { clerkError, status, retryAfter } = (error ?? {}) as SdkError;
  if (clerkError !== true) throw error;
  const answered = numberOrNone(status);
  throw new ClerkFailure(failureKind(answered), error, {
    status: answered,
    retryAfterSeconds: numberOrNone(retryAfter),
  });
}

/** The plugin's own calls are correct, so any other error is the SDK's about an answer that it cannot read. */
function failureOfOwnCall(error: unknown): never {
  const { clerkError } = (error ?? {}) as SdkError;
  if (clerkError !== true) throw new ClerkFailure("unavailable", error);
  return failureOfClerk(error);
}

function numberOrNone(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
