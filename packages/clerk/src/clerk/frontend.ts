import { ClerkFailure } from "../errors/clerk-failure.js";
import type { ClerkCall } from "../events/events.js";
import type { Settings } from "../options/settings.js";
import { readLimitedText } from "../runtime/read-limited.js";
import { clerkConnection } from "./connection.js";
import type { ClerkHealth } from "./health.js";

export interface JsonDocument {
  /** The document as it was sent. */
  readonly text: string;
  readonly json: unknown;
}

/** Clerk's Frontend API, which is the authorization server. Only its documents are read. */
export interface ClerkFrontend {
  /**
   * Fetches a JSON document, with a time-out, a size limit and no redirects, and parses it with `read`. An access token
   * is sent only to its own issuer.
   *
   * @throws {ClerkFailure} `unavailable` for every error, including those of `read`: it is never the caller's fault.
   */
  get<T>(
    operation: ClerkCall,
    path: string,
    read: (document: JsonDocument) => T | Promise<T>,
    accessToken?: string,
  ): Promise<T>;
}

const MAX_BYTES = 512 * 1024;

export function clerkFrontend({ issuer }: Settings, health: ClerkHealth): ClerkFrontend {
  const connection = clerkConnection(health);
  return {
    get(operation, path, read, accessToken) {
      const attempt = (signal: AbortSignal) =>
        fetchJson(`${issuer}${path}`, accessToken, signal).then(read).catch(unavailable);
      return connection.call(operation, attempt, { retry: true });
    },
  };
}

function unavailable(cause: unknown): never {
  throw cause instanceof ClerkFailure ? cause : new ClerkFailure("unavailable", cause);
}

async function fetchJson(
  url: string,
  accessToken: string | undefined,
  signal: AbortSignal,
): Promise<JsonDocument> {
  const response = await fetch(url, {
    headers: {
      accept: "application/json",
      ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
    },
    redirect: "manual",
    signal,
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw httpFailure(url, response);
  }
  const text = await readLimitedText(response.body, MAX_BYTES);
  return { text, json: JSON.parse(text) };
}

function httpFailure(url: string, { status, headers }: Response): ClerkFailure {
  const seconds = Number.parseInt(headers.get("retry-after") ?? "", 10);
  return new ClerkFailure("unavailable", new Error(`${url} answered ${status}`), {
    status,
    retryAfterSeconds: Number.isNaN(seconds) ? undefined : seconds,
  });
}
