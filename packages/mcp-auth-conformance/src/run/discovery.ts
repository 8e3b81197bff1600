/** Finds and reads the target's protected resource metadata before the first case. */
import { type Exchange, exchangeOnce } from "../http/connection.js";
import { INITIALIZE, type PlainRequest } from "../http/request-bytes.js";
import { combinedField } from "../http/response-parser.js";
import { MalformedChallenge, parseChallenges } from "../judge/challenge-syntax.js";
import { jsonBody } from "../judge/mcp-answer.js";

export interface Discovery {
  /** Path and query of the protected resource metadata. If there is none: the path where it should be. */
  readonly metadataTarget: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** The path of the metadata, with the endpoint's path inserted (RFC 9728 §3.1). */
export function insertedMetadataPath({ pathname }: URL): string {
  return pathname === "/" ? WELL_KNOWN : `${WELL_KNOWN}${pathname}`;
}

export async function discover(url: URL, timeoutMs: number): Promise<Discovery> {
  const fields = [
    ["Host", url.host],
    ["Content-Type", "application/json"],
    ["Accept", "application/json, text/event-stream"],
  ] as const;
  const request: PlainRequest = {
    method: "POST",
    target: url.pathname,
    version: "HTTP/1.1",
    fields,
    body: JSON.stringify(INITIALIZE),
    trailers: [],
  };
  const challenge = await exchangeOnce(url, request, timeoutMs);
  const inserted = insertedMetadataPath(url);
  const targets = [...new Set([...namedTarget(challenge, url), inserted, WELL_KNOWN])];
  for (const target of targets) {
    const get = { ...request, method: "GET", target, body: undefined };
    const exchange = await exchangeOnce(url, get, timeoutMs);
    const metadata = exchange.kind === "answer" ? jsonBody(exchange.response) : undefined;
    if (isMetadata(metadata)) return { metadataTarget: target, metadata };
  }
  return { metadataTarget: inserted, metadata: {} };
}

function namedTarget(exchange: Exchange, url: URL): string[] {
  if (exchange.kind !== "answer") return [];
  const named = parameterOf(combinedField(exchange.response.fields, "www-authenticate") ?? "");
  if (named === undefined || !URL.canParse(named)) return [];
  const { origin, pathname, search } = new URL(named);
  return origin === url.origin ? [`${pathname}${search}`] : [];
}

function parameterOf(challenge: string): string | undefined {
  try {
    return parseChallenges(challenge).find(({ parameters }) => "resource_metadata" in parameters)?.parameters
      .resource_metadata;
  } catch (error) {
    if (error instanceof MalformedChallenge) return undefined;
    throw error;
  }
}

function isMetadata(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && "resource" in value;
}
