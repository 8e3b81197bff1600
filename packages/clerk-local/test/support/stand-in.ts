/** Stand-ins for tests, started on a free port and stopped after the test. */
import { type ClerkLocal, type ClerkLocalOptions, createClerkLocal } from "@xmcp-dev/clerk-local";
import { onTestFinished } from "vitest";

export async function standIn(options: ClerkLocalOptions = {}): Promise<ClerkLocal> {
  const local = await createClerkLocal(options);
  onTestFinished(() => local.close());
  return local;
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
