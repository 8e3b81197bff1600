import type { ClerkClient } from "@clerk/backend";
import { ClerkFailure } from "../errors/clerk-failure.js";
import type { ClerkCall } from "../events/events.js";
import type { Settings } from "../options/settings.js";
import { type CallOptions, clerkConnection } from "./connection.js";
import type { ClerkHealth } from "./health.js";

/** Clerk's Backend API. The SDK is loaded on first use: most requests never need it. */
export interface ClerkBackend {
  /**
   * Runs one call against the SDK's client, with a time-out. Only a call that reads may be retried.
   *
   * @throws {ClerkFailure} when Clerk does not answer, or not with success. A mistake in the call itself, which
   * never gets as far as Clerk, is thrown as it is.
   */
  call<T>(
    during: ClerkCall,
    operation: (client: ClerkClient) => Promise<T>,
    options?: CallOptions,
  ): Promise<T>;
}

export function clerkBackend({ secretKey, apiUrl }: Settings, health: ClerkHealth): ClerkBackend {
  const connection = clerkConnection(health);
  let client: Promise<ClerkClient> | undefined;
  const load = async (): Promise<ClerkClient> => {
    const { createClerkClient } = await import("@clerk/backend");
    return createClerkClient({ secretKey, apiUrl, telemetry: { disabled: true } });
  };
  return {
    async call(during, operation, options = { retry: true }) {
      client ??= load();
      const ready = await client;
      const attempt = () => operation(ready).then(notText, failureOfClerk);
      return connection.call(during, attempt, options);
    },
  };
}

/** What is not JSON – a proxy's error page, say – the SDK hands over as text, as if that were the answer. */
function notText<T>(answer: T): T {
  if (typeof answer === "string") throw new ClerkFailure("unavailable", new Error("the answer is not JSON"));
  return answer;
}

/** The SDK marks what went wrong between it and Clerk, and only that. */
function failureOfClerk(error: unknown): never {
  throw (error as { clerkError?: unknown } | null)?.clerkError === true ? ClerkFailure.from(error) : error;
}
