import type { ClerkClient } from "@clerk/backend";
import { ClerkFailure } from "../errors/clerk-failure.js";
import type { ClerkBackend } from "./backend.js";

/**
 * A `ClerkClient` that exists at once and loads the SDK on the first call of a method. Every call has the backend's
 * time-out. A rejection such as 404 is thrown as the SDK's own error, an outage or a wrong key as a {@link
 * ClerkFailure}. Both messages are suitable for a person.
 */
export function lazyClient(backend: ClerkBackend): ClerkClient {
  return member(backend, []) as ClerkClient;
}

/** Represents `client.a.b.c`: a property access extends the path, a call runs on the real client. */
function member(backend: ClerkBackend, path: readonly string[]): unknown {
  const call = (...args: unknown[]): Promise<unknown> =>
    backend.call("tool", (client) => invoke(client, path, args), { retry: false }).catch(originalIfRejected);
  return new Proxy(call, {
    get: (_target, name) =>
      // With a `then`, `await getClient()` would call it.
      typeof name === "symbol" || name === "then" ? undefined : member(backend, [...path, name]),
  });
}

async function invoke(client: ClerkClient, path: readonly string[], args: unknown[]): Promise<unknown> {
  let owner: unknown;
  let value: unknown = client;
  for (const name of path) {
    owner = value;
    value = (value as Record<string, unknown> | undefined)?.[name];
  }
  if (typeof value !== "function") throw new TypeError(`clerkClient.${path.join(".")} is not a function`);
  return value.apply(owner, args);
}

function originalIfRejected(failure: unknown): never {
  if (!(failure instanceof ClerkFailure && failure.kind === "rejected")) throw failure;
  const { cause: original, message } = failure;
  // The SDK's own message is the bare status text, "Not Found".
  throw original instanceof Error ? Object.assign(original, { message }) : original;
}
