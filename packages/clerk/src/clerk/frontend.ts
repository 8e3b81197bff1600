import { ClerkFailure } from "../errors/clerk-failure.js";
import type { ClerkCall } from "../events/events.js";
import type { Settings } from "../options/settings.js";
import { boundedText } from "../runtime/read-limited.js";
import { clerkConnection } from "./connection.js";
import type { ClerkHealth } from "./health.js";

export interface JsonDocument {
  /** The document as it was sent. */
  readonly text: string;
  readonly json: unknown;
}

/** Clerk's Frontend API, which is the authorization server: only documents that are read, never written. */
export interface ClerkFrontend {
  /**
   * Fetches a JSON document, with a time-out, a size limit and no redirects, and reads from it what is needed. An
   * access token is sent only where its own issuer is asked about it.
   *
   * @throws {ClerkFailure} `unavailable` whatever goes wrong, in `read` too: it is never the caller's fault.
   */
  get<T>(
    during: ClerkCall,
    path: string,
    read: (document: JsonDocument) => T | Promise<T>,
    accessToken?: string,
  ): Promise<T>;
}

const MAX_BYTES = 512 * 1024;

export function clerkFrontend({ issuer }: Settings, health: ClerkHealth): ClerkFrontend {
  const connection = clerkConnection(health);
  return {
    get(during, path, read, accessToken) {
      const attempt = (signal: AbortSignal) =>
        fetchJson(`${issuer}${path}`, accessToken, signal).then(read).catch(unavailable);
      return connection.call(during, attempt, { retry: true });
    },
  };
}

function unavailable(cause: unknown): never {
  throw new ClerkFailure("unavailable", cause);
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
    throw new HttpStatusError(url, response);
  }
  const text = await boundedText(response.body, MAX_BYTES);
  return { text, json: JSON.parse(text) };
}

/** Shaped as the errors of Clerk's SDK are, so that a failure is judged in one way. */
class HttpStatusError extends Error {
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor(url: string, { status, headers }: Response) {
    super(`${url} answered ${status}`);
    const seconds = Number.parseInt(headers.get("retry-after") ?? "", 10);
    this.status = status;
    this.retryAfter = Number.isNaN(seconds) ? undefined : seconds;
  }
}
