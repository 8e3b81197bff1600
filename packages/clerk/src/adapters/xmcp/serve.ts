import { createServer, type Server, type ServerResponse } from "http";
import type { AddressInfo } from "net";
import { ClerkConfigError } from "../../errors/config-error.js";
import { isLoopback } from "../../runtime/loopback.js";
import { injectedMiddleware, UNPROTECTED } from "./declarations.js";
import { httpConfig } from "./host.js";
import { loadInjectedFiles } from "./injected-files.js";
import { messageClasses } from "./message-classes.js";
import { readableError } from "./readable-error.js";
import handle from "./vercel.js";

/**
 * Entry of the Node build (`dist/http.js`): serves xmcp's request handler on `HOST`:`PORT`, read at run time. Any
 * problem that prevents the start is printed as one message, with exit code 1. On SIGTERM, running calls may finish.
 */
const DRAIN_MS = 10_000;

/**
 * A client or proxy reuses idle connections, and a request is lost if the server closes one at that moment. So the server
 * keeps them longer than most proxies do (nginx and AWS: 60 s).
 */
const KEEP_ALIVE_MS = 75_000;

async function serve(): Promise<void> {
  process.on("uncaughtException", (error) => stop(readableError(error)));
  // Load tools first: after a failed import the bundle would hand the middleware a half-evaluated module.
  const problem = await loadInjectedFiles();
  await loadMiddleware();
  if (problem !== undefined) stop(problem);
  const { options, adopt } = messageClasses();
  const server = createServer(options, (request, response) => {
    request.url = originForm(request.url);
    handle(request, response).then(
      () => adopt(request, response),
      (error: unknown) => fail(response, error),
    );
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 1_000;
  server.on("error", (error: NodeJS.ErrnoException) => stop(listenFailure(error)));
  server.listen(port(), host(), () => announce(server));
  process.on("SIGTERM", () => drain(server));
  process.on("SIGINT", () => drain(server));
}

/**
 * A request target may be a whole URL (RFC 9112 section 3.2.2), but xmcp needs the path. The host comes from `Host`.
 */
function originForm(target = "/"): string {
  if (target.startsWith("/") || !URL.canParse(target)) return target;
  const { pathname, search } = new URL(target);
  return `${pathname}${search}`;
}

/** An unhandled error would end the process and every running call. */
function fail(response: ServerResponse, error: unknown): void {
  console.error(readableError(error));
  if (response.headersSent) response.destroy();
  else response.writeHead(500).end();
}

/**
 * Loads the middleware before the first request, so that a wrong configuration stops the start. A middleware that xmcp
 * would silently ignore stops it too.
 */
async function loadMiddleware(): Promise<void> {
  try {
    if (!(await injectedMiddleware()).some(isMiddleware)) stop(UNPROTECTED);
  } catch (error) {
    stop(error instanceof ClerkConfigError ? error.message : readableError(error));
  }
}

/** The forms that xmcp accepts; it silently drops anything else, such as a promise. */
function isMiddleware(value: unknown): boolean {
  if (typeof value === "function") return true;
  const { middleware, router } = (value ?? {}) as { middleware?: unknown; router?: unknown };
  return typeof middleware === "function" && typeof router === "function";
}

function port(): number {
  const value = process.env.PORT?.trim();
  if (!value) return httpConfig().port ?? 3001;
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    return stop(`PORT must be a number from 0 to 65535.`);
  return Number(value);
}

function host(): string {
  return process.env.HOST?.trim() || httpConfig().host || "127.0.0.1";
}

function listenFailure({ code, message }: NodeJS.ErrnoException): string {
  if (code === "EADDRINUSE") {
    return `Port ${port()} is already in use. Stop the program that uses it, or set PORT (and BASE_URL to match).`;
  }
  if (code === "EACCES")
    return `Port ${port()} needs more rights than this process has. Set PORT to one above 1023.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `HOST ${host()} is not an address of this machine.`;
  return message;
}

function announce(listening: Server): void {
  const address = listening.address() as AddressInfo;
  warnIfUnreachable(address.port);
  const shown = host().includes(":") ? `[${host()}]` : host();
  console.log(`✔ MCP Server running on http://${shown}:${address.port}${httpConfig().endpoint ?? "/mcp"}`);
}

/** Clients connect to `BASE_URL`. Behind a proxy it may name another port, but not on loopback. */
function warnIfUnreachable(actualPort: number): void {
  const base = process.env.BASE_URL ?? "";
  if (!URL.canParse(base)) return;
  const { hostname, port: named, protocol } = new URL(base);
  if (protocol !== "http:" || !isLoopback(hostname) || Number(named || 80) === actualPort) return;
  console.warn(
    `BASE_URL is ${base}, but the server listens on port ${actualPort}: clients will not find it.`,
  );
}

function drain(server: Server): void {
  if (!server.listening) process.exit(1);
  // Closes a busy connection as soon as its call is answered, instead of seconds later.
  server.keepAliveTimeout = 1;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
}

function stop(reason: string): never {
  console.error(reason);
  process.exit(1);
}

void serve();
