/** Stand-ins for tests, started on a free port and stopped after the test. */
import { type ClerkClient, createClerkClient } from "@clerk/backend";
import { type ClerkLocal, type ClerkLocalOptions, createClerkLocal } from "@xmcp-dev/clerk-local";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { stopWatching, watchAnswers } from "./clerk-answers.js";

export async function standIn(options: ClerkLocalOptions = {}): Promise<ClerkLocal> {
  const { local, close } = await watched(options);
  onTestFinished(close);
  return local;
}

/** One local Clerk for all tests of the surrounding block, which leave it as it was. */
export function sharedStandIn(options: ClerkLocalOptions = {}): () => ClerkLocal {
  let started: Awaited<ReturnType<typeof watched>> | undefined;
  beforeAll(async () => {
    started = await watched(options);
  });
  afterAll(() => started?.close());
  return () => started?.local as ClerkLocal;
}

/** A local Clerk whose answers must be Clerk's: `close` fails if one was not. */
async function watched(options: ClerkLocalOptions) {
  const local = await createClerkLocal(options);
  const problems = watchAnswers(local);
  const { faults } = local;
  local.faults = (rules) => {
    stopWatching(local);
    faults(rules);
  };
  const close = async () => {
    await local.close();
    expect(problems(), "answers that differ from Clerk's description").toEqual([]);
  };
  return { local, close };
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

/** Calls the Backend API with the secret key and a body. */
export function send(local: ClerkLocal, method: string, path: string, body: unknown): Promise<Response> {
  return backend(local, path, { method, body: JSON.stringify(body) });
}

/** Clerk's SDK, unmodified. */
export function sdk({ secretKey, apiUrl }: ClerkLocal): ClerkClient {
  return createClerkClient({ secretKey, apiUrl, telemetry: { disabled: true } });
}

/** The status and the code of a refusal. */
export async function refusal(answer: Response): Promise<[number, unknown]> {
  const { errors } = (await answer.json()) as { errors?: { code: string }[] };
  return [answer.status, errors?.[0]?.code];
}
