import type { AuthRequest, PlainResponse } from "../request/request.js";
import { processEnvironment, variable } from "../runtime/platform.js";

const HEALTH: PlainResponse = {
  status: 200,
  headers: { "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify({ status: "ok", transport: "streamable-http", mode: "stateless" }),
};

/**
 * Answers that xmcp's servers give without a credential, and that say nothing about users: `/health`, and the proof of ownership
 * for OpenAI's directory of apps. Returns `undefined` for every other request.
 */
export function statusPages({ method, path }: AuthRequest): PlainResponse | undefined {
  if (method !== "GET" && method !== "HEAD") return undefined;
  if (path === "/health") return HEALTH;
  if (path !== "/.well-known/openai-apps-challenge") return undefined;
  const body = variable(processEnvironment(), "OPENAI_APPS_VERIFICATION_TOKEN");
  return body === undefined
    ? undefined
    : { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}
