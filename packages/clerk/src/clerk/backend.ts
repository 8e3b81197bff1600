import type { ClerkClient } from "@clerk/backend";
import type { Settings } from "../configuration/settings.js";
import type { ClerkCall } from "../events.js";
import { ClerkFailure } from "./failure.js";
import type { ClerkHealth } from "./health.js";

const TIMEOUT_MS = 8_000;

/** Clerk's Backend API. The SDK is loaded on first use: most requests never need it. */
export interface ClerkBackend {
  /**
   * Runs one call against the SDK's client, with a time-out.
   *
   * @throws {ClerkFailure} when Clerk does not answer, or not with success. A mistake in the call itself, which
   * never gets as far as Clerk, is thrown as it is.
   */
  call<T>(during: ClerkCall, operation: (client: ClerkClient) => Promise<T>): Promise<T>;
}

export function clerkBackend({ secretKey, apiUrl }: Settings, health: ClerkHealth): ClerkBackend {
  let client: Promise<ClerkClient> | undefined;
  const load = async (): Promise<ClerkClient> => {
    const { createClerkClient } = await import("@clerk/backend");
    return createClerkClient({ secretKey, apiUrl, telemetry: { disabled: true } });
  };
  return {
    async call(during, operation) {
      client ??= load();
      const ready = await client;
      try {
        const result = await withTimeout(operation(ready));
        health.succeeded(during);
        return result;
      } catch (error) {
        if (!isOfClerk(error)) throw error;
        const failure = ClerkFailure.from(error);
        if (failure.kind === "rejected") health.succeeded(during);
        else health.failed(during, failure.kind);
        throw failure;
      }
    },
  };
}

/** The SDK marks what went wrong between it and Clerk, and only that. */
function isOfClerk(error: unknown): boolean {
  return error instanceof ClerkFailure || (error as { clerkError?: unknown } | null)?.clerkError === true;
}

/** The SDK takes no abort signal, so a call that hangs is left behind, not ended. */
async function withTimeout<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const cause = new Error(`no answer within ${TIMEOUT_MS} ms`);
    timer = setTimeout(() => reject(new ClerkFailure("unavailable", cause)), TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
