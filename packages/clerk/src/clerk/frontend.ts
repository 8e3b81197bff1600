import type { Settings } from "../configuration/settings.js";
import type { ClerkCall } from "../events.js";
import { Refusal } from "../refusal.js";
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
   * @throws {Refusal} `clerk_unavailable` whatever goes wrong, in `read` too: it is never the caller's fault.
   */
  get<T>(
    during: ClerkCall,
    path: string,
    read: (document: JsonDocument) => T | Promise<T>,
    accessToken?: string,
  ): Promise<T>;
}

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 512 * 1024;

export function clerkFrontend({ issuer }: Settings, health: ClerkHealth): ClerkFrontend {
  return {
    async get(during, path, read, accessToken) {
      try {
        const result = await read(await fetchJson(`${issuer}${path}`, accessToken));
        health.succeeded(during);
        return result;
      } catch (cause) {
        health.failed(during, "unavailable");
        throw new Refusal("clerk_unavailable", { cause });
      }
    },
  };
}

async function fetchJson(url: string, accessToken: string | undefined): Promise<JsonDocument> {
  const response = await fetch(url, {
    headers: {
      accept: "application/json",
      ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
    },
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const text = await limitedText(response);
  return { text, json: JSON.parse(text) };
}

async function limitedText({ body }: Response): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_BYTES) {
      await reader.cancel();
      throw new Error(`the document is larger than ${MAX_BYTES} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
