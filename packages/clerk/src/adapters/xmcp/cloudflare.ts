import xmcp from "xmcp-worker";
import { protectionOf } from "../../protection.js";
import { runWithKeepAlive } from "../../runtime/keep-alive.js";
import { isPreflight, misconfigured, type WebMiddleware, webMiddleware } from "../web.js";
import { injectedMiddleware, UNPROTECTED } from "./declarations.js";
import { httpConfig } from "./host.js";

/** The part of a Worker's execution context that this module uses. */
interface WorkerContext {
  waitUntil(work: Promise<unknown>): void;
}

/** xmcp's default on Node. */
const DEFAULT_MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Entry of the Workers build (`worker.js`). Authenticates every request, whatever its path, in front of xmcp's own
 * worker, and runs tools inside the caller's session.
 */
export default {
  fetch(request: Request, environment: unknown, context: WorkerContext): Promise<Response> {
    const handle = (passed: Request) => xmcp.fetch(passed, environment, context);
    // xmcp answers preflights itself, with the CORS headers of `http.cors`.
    if (isPreflight(request)) return handle(request);
    return runWithKeepAlive(
      (work) => context.waitUntil(work),
      () => protect(request, handle, context),
    );
  },
};

type Handle = (request: Request) => Promise<Response>;

async function protect(request: Request, handle: Handle, context: WorkerContext): Promise<Response> {
  let isOurs = true;
  const next: Handle = (passed) => {
    isOurs = false;
    return handle(passed);
  };
  loaded ??= load();
  const { middleware, check } = await loaded;
  if (!isChecked) context.waitUntil(check());
  isChecked = true;
  const address = request.headers.get("cf-connecting-ip") ?? undefined;
  const response = await middleware(request, next, address);
  return isOurs ? withCorsOf(handle, request, response) : response;
}

interface Guard {
  readonly middleware: WebMiddleware;
  check(): Promise<void>;
}

/** Loaded on the first request: before that, the modules it needs are only half evaluated. */
let loaded: Promise<Guard> | undefined;
/** Runs with the first request: a Worker cannot fetch or log before it. */
let isChecked = false;

async function load(): Promise<Guard> {
  const protection = (await injectedMiddleware()).map(protectionOf).find((found) => found !== undefined);
  if (protection === undefined) return UNGUARDED;
  const maxBodyBytes = httpConfig().bodySizeLimit ?? DEFAULT_MAX_BODY_BYTES;
  return { middleware: webMiddleware(protection, { maxBodyBytes }), check: protection.check };
}

const UNGUARDED: Guard = { middleware: misconfigured, check: async () => console.error(UNPROTECTED) };

const EXPOSE_HEADERS = "access-control-expose-headers";

/**
 * Adds the CORS headers (`http.cors`) of xmcp's preflight response to a response of the plugin. Headers that the
 * response already has take precedence.
 */
export async function withCorsOf(
  handle: (request: Request) => Promise<Response>,
  { url, headers }: Request,
  response: Response,
): Promise<Response> {
  const origin = headers.get("origin");
  const preflight = new Request(url, { method: "OPTIONS", headers: origin === null ? {} : { origin } });
  const { headers: cors } = await handle(preflight);
  const merged = new Headers(response.headers);
  for (const [name, value] of cors) {
    if (name === EXPOSE_HEADERS) merged.set(name, list(value, merged.get(name)));
    else if (!merged.has(name)) merged.set(name, value);
  }
  return new Response(response.body, { status: response.status, headers: merged });
}

function list(...values: readonly (string | null)[]): string {
  return values.filter(Boolean).join(", ");
}
