/** Messages to the MCP endpoint as a client sends them, and parsing of the answers' fields. */
import type { JWK } from "jose";
import type { Answer, Question } from "./ask.js";

export function mcpMessage(
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Question {
  return {
    method: "POST",
    headers: { "content-type": "application/json", "mcp-protocol-version": "2025-06-18", ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  };
}

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** The first challenge of a `WWW-Authenticate` field (RFC 9110 section 11.6.1), which is the one clients act on. */
export interface Challenge {
  readonly scheme: string;
  /** By name in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/g;

export function challengeField(value: string): Challenge {
  const scheme = value.trim().split(/[\s,]/, 1)[0] ?? "";
  const parameters = new Map<string, string>();
  for (const [, name = "", quoted, token = ""] of value.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    // A repeated name belongs to a later challenge.
    if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, "$1") ?? token);
  }
  return { scheme, parameters };
}

/** The words of a space-separated scope value (RFC 6749 section 3.3). */
export function scopeWords(value = ""): string[] {
  return value.split(" ").filter(Boolean);
}

/** The RSA keys of a JWKS (RFC 7517 section 5); empty if the answer is not a JWKS. */
export function signingKeysIn({ json }: Answer): JWK[] {
  const { keys } = (json ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) return [];
  return keys.filter((key: JWK | null) => key?.kty === "RSA" && Boolean(key.n) && Boolean(key.e));
}
