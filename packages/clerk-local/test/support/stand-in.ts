/** Stand-ins for tests, started on a free port and stopped after the test. */
import { type ClerkLocal, type ClerkLocalOptions, createClerkLocal } from "@xmcp-dev/clerk-local";
import { afterAll, beforeAll, onTestFinished } from "vitest";

export async function standIn(options: ClerkLocalOptions = {}): Promise<ClerkLocal> {
  const local = await createClerkLocal(options);
  onTestFinished(() => local.close());
  return local;
}

/** One stand-in for all tests of the surrounding block, which leave it as it was. */
export function sharedStandIn(options: ClerkLocalOptions = {}): () => ClerkLocal {
  let local: ClerkLocal | undefined;
  beforeAll(async () => {
    local = await createClerkLocal(options);
  });
  afterAll(() => local?.close());
  return () => local as ClerkLocal;
}

export async function json(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}

/** Calls the Backend API with the secret key. */
export function backend(local: ClerkLocal, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${local.apiUrl}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${local.secretKey}`, "content-type": "application/json" },
  });
}

/** Calls a control over HTTP with the secret key. */
export function control(local: ClerkLocal, name: string, argument: unknown = {}): Promise<Response> {
  return backend(local, `/__local/${name}`, { method: "POST", body: JSON.stringify(argument) });
}
