/** Fills in what a case's request leaves out, and its placeholders. */
import type { Request } from "../case.js";
import { INITIALIZE, type PlainRequest } from "../http/request-bytes.js";
import { fill, type Placeholders } from "./placeholders.js";

/** A request without a token must not fail because the token source cannot make one. */
export function needsToken(request: Request): boolean {
  if (request.authorization === undefined) return true;
  const { token: _, ...rest } = request;
  return JSON.stringify(rest).includes("{token}") || request.token !== undefined;
}

export function plainRequest(request: Request, values: Placeholders): PlainRequest {
  const { method = "POST", target = "{path}", version = "HTTP/1.1", host = "{host}" } = request;
  const { authorization = "Bearer {token}", headers = [], trailers = [], encoding, chunked } = request;
  const body = bodyOf(request, method);
  const isTyped = headers.some(([name]) => name.toLowerCase() === "content-type");
  const hasAccept = headers.some(([name]) => name.toLowerCase() === "accept");
  const hasType = body !== undefined && (body !== "" || method === "POST");
  const fields: (readonly [string, string])[] = [
    ...(host === null ? [] : [["Host", host] as const]),
    ...(authorization === null ? [] : [["Authorization", authorization] as const]),
    ...(hasType && !isTyped ? [["Content-Type", "application/json"] as const] : []),
    ...(hasAccept ? [] : [["Accept", "application/json, text/event-stream"] as const]),
    ...headers,
  ];
  return { ...fill({ method, target, version, fields, body, trailers }, values), encoding, chunked };
}

function bodyOf({ body, text }: Request, method: string): string | undefined {
  if (text !== undefined) return text;
  if (body === null) return undefined;
  if (body !== undefined) return JSON.stringify(body);
  return ["GET", "HEAD", "OPTIONS", "TRACE"].includes(method) ? undefined : JSON.stringify(INITIALIZE);
}
