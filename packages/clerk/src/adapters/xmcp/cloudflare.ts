import xmcp from "xmcp-worker";
import { protectionOf, TWICE } from "../../protection.js";
import { runWithKeepAlive } from "../../runtime/keep-alive.js";
import { misconfigured, type WebMiddleware, webMiddleware } from "../fetch.js";
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
    return runWithKeepAlive(
      (work) => context.waitUntil(work),
      () => protect(request, (passed) => xmcp.fetch(passed, environment, context), context),
    );
  },
};

type Handle = (request: Request) => Promise<Response>;

async function protect(request: Request, handle: Handle, context: WorkerContext): Promise<Response> {
  loaded ??= load();
  const { middleware, checkScopes } = await loaded;
  if (!isChecked) context.waitUntil(checkScopes());
  isChecked = true;
  return middleware(request, handle, request.headers.get("cf-connecting-ip") ?? undefined);
}

interface Door {
  readonly middleware: WebMiddleware;
  checkScopes(): Promise<void>;
}

/** Loaded on the first request: before that, the modules it needs are only half evaluated. */
let loaded: Promise<Door> | undefined;
/** Runs with the first request: a Worker cannot fetch or log before it. */
let isChecked = false;

async function load(): Promise<Door> {
  const [protection, ...others] = (await injectedMiddleware()).flatMap((found) => protectionOf(found) ?? []);
  if (protection === undefined) return closedDoor(UNPROTECTED);
  if (others.length > 0) return closedDoor(TWICE);
  const maxBodyBytes = httpConfig().bodySizeLimit ?? DEFAULT_MAX_BODY_BYTES;
  return { middleware: webMiddleware(protection, { maxBodyBytes }), checkScopes: protection.checkScopes };
}

function closedDoor(reason: string): Door {
  return { middleware: misconfigured, checkScopes: async () => console.error(reason) };
}
