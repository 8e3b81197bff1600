import xmcp from "xmcp-worker";
import { type Protection, unusable } from "../../protection.js";
import { runWithKeepAlive } from "../../runtime/keep-alive.js";
import { type WebMiddleware, webMiddleware } from "../fetch.js";
import { maxBodyBytes } from "./host.js";
import { listCache } from "./list-cache.js";
import { injectedProtection } from "./middleware.js";

/** The part of a Worker's execution context that this module uses. */
interface WorkerContext {
  waitUntil(work: Promise<unknown>): void;
}

/**
 * Entry of the Workers build (`worker.js`). Authenticates every request, whatever its path, in front of xmcp's own
 * worker, and runs tools inside the caller's session.
 */
export default {
  fetch(request: Request, environment: unknown, context: WorkerContext): Promise<Response> {
    return runWithKeepAlive(
      (work) => context.waitUntil(work),
      () => protect(request, (passed) => answer(passed, environment, context), context),
    );
  },
};

type Handle = (request: Request) => Promise<Response>;

const rememberedList = listCache();

function answer(request: Request, environment: unknown, context: WorkerContext): Promise<Response> {
  return rememberedList(request, (passed) => xmcp.fetch(passed, environment, context));
}

async function protect(request: Request, handle: Handle, context: WorkerContext): Promise<Response> {
  loaded ??= load();
  const { middleware, checkScopes } = await loaded;
  if (!isChecked) context.waitUntil(checkScopes());
  isChecked = true;
  return middleware(request, handle, request.headers.get("cf-connecting-ip") ?? undefined);
}

interface Door {
  readonly middleware: WebMiddleware;
  readonly checkScopes: Protection["checkScopes"];
}

/** Loaded on the first request: before that, the modules it needs are only half evaluated. */
let loaded: Promise<Door> | undefined;
/** Runs with the first request: a Worker cannot fetch or log before it. */
let isChecked = false;

async function load(): Promise<Door> {
  const found = await injectedProtection();
  const protection = "problem" in found ? unusable(found.problem) : found.protection;
  return {
    middleware: webMiddleware(protection, { maxBodyBytes: maxBodyBytes() }),
    checkScopes: protection.checkScopes,
  };
}
