import { readFileSync } from "fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "http";
import type { AddressInfo, Socket } from "net";
import { parseEnv } from "util";
import { endOpenStreams } from "../../access/open-streams.js";
import { ClerkFailure } from "../../errors/clerk-failure.js";
import { ClerkConfigError } from "../../errors/config-error.js";
import type { Protection } from "../../protection.js";
import { isLoopback } from "../../runtime/loopback.js";
import { AccessDenied } from "../../session/access-denied.js";
import { CANNOT_LISTEN } from "./development/server-process.js";
import { onHandlerFailure } from "./handler-failure.js";
import { endpointPath, httpConfig } from "./host.js";
import { injectedProtection } from "./middleware.js";
import { nodeDoor } from "./node-door.js";
import { readableError } from "./readable-error.js";
import { registry } from "./registry.js";
import { INSTALL_TESTED } from "./tested-version.js";

/**
 * Entry of the Node build (`dist/http.js`): serves xmcp's request handler on `HOST`:`PORT`, read at run time. Any
 * problem that prevents the start is printed as one message, with exit code 1. On SIGTERM, running calls may finish.
 */
const DRAIN_MS = 10_000;

async function serve(): Promise<void> {
  process.on("uncaughtException", unhandled);
  // Node would replace a reason that is no error.
  process.on("unhandledRejection", unhandled);
  // `xmcp dev` has ended.
  process.once("disconnect", () => process.exit());
  loadEnvFile();
  // Load tools first: after a failed import the bundle would hand the middleware a half-evaluated module.
  const problem = await loadFiles();
  const protection = await loadProtection();
  if (problem !== undefined) stop(problem);
  onHandlerFailure(report);
  await protection.ready();
  const handle = nodeDoor(protection);
  const server = createServer((request, response) => {
    request.url = originForm(request.url);
    underWay.add(request);
    response.once("close", () => underWay.delete(request));
    handle(request, response).catch((error: unknown) => fail(response, error));
  });
  server.keepAliveTimeout = keepAliveMs();
  server.headersTimeout = server.keepAliveTimeout + 1_000;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("error", (error: NodeJS.ErrnoException) =>
    stop(listenFailure(error), isDevelopment() ? CANNOT_LISTEN : 1),
  );
  server.listen(port(), host(), () => announce(server));
  isStarted = true;
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

let isStarted = false;

/** Unhandled errors. In development the server keeps running, because the next save restarts it. */
function unhandled(error: unknown): void {
  if (!isStarted || !isDevelopment()) stop(readableError(error));
  console.error(`Nothing handled this error. In production it ends the server. ${readableError(error)}`);
}

function isDevelopment(): boolean {
  return httpConfig().debug === true;
}

/** An unhandled error would end the process and every running call. */
function fail(response: ServerResponse, error: unknown): void {
  console.error(readableError(error));
  if (response.headersSent) response.destroy();
  else response.writeHead(500).end();
}

/** As xmcp's own entry does: variables of the process take precedence over those of the file. */
function loadEnvFile(): void {
  try {
    const text = readFileSync(".env", "utf8").replace(/^\ufeff/, "");
    for (const [name, value] of Object.entries(parseEnv(text))) process.env[name] ??= value;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") stop(`The file .env cannot be read: ${message}`);
  }
}

/** Loads the middleware before the first request, so that a wrong configuration stops the start. */
async function loadProtection(): Promise<Protection> {
  try {
    const found = await injectedProtection();
    return "problem" in found ? stop(found.problem) : found.protection;
  } catch (error) {
    return stop(error instanceof ClerkConfigError ? error.message : readableError(error));
  }
}

/**
 * Loads all tools, prompts and resources. If one cannot be loaded, xmcp would answer every request with 500, without a
 * reason.
 *
 * @returns the problem, for the operator; `undefined` if everything is loaded.
 */
async function loadFiles(): Promise<string | undefined> {
  await import("./injected.js");
  const folders = Object.values(registry());
  if (folders.length === 0) return UNGUARDED;
  for (const { paths, load } of folders) {
    for (const path of paths) {
      try {
        await load(path);
      } catch (error) {
        return `${path} cannot be loaded. ${readableError(error)}`;
      }
    }
  }
}

const UNGUARDED = `xmcp's build does not contain @xmcp-dev/clerk/guard, so access rules would not apply. ${INSTALL_TESTED} Then build again.`;

/** Errors that are meant for the caller, and are not logged. */
const FOR_THE_CALLER = [AccessDenied, ClerkFailure];

/** xmcp reduces an error of a handler to its message, for the caller. */
function report(path: string, error: unknown): void {
  const isExpected = FOR_THE_CALLER.some((type) => error instanceof type);
  if (!isExpected) console.error(`${path} failed. ${readableError(error)}`);
}

function port(): number {
  const value = process.env.PORT?.trim();
  if (!value) return httpConfig().port ?? 3001;
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    return stop(`PORT must be a number from 0 to 65535.`);
  return Number(value);
}

/**
 * A proxy reuses idle connections, and a request is lost if the server closes one at that moment. So the server keeps them
 * longer than most proxies (nginx and AWS: 60 s).
 */
function keepAliveMs(): number {
  const value = process.env.KEEP_ALIVE_SECONDS?.trim();
  if (!value) return 75_000;
  if (!/^\d{1,4}$/.test(value) || Number(value) < 1)
    return stop("KEEP_ALIVE_SECONDS must be a number from 1 to 9999.");
  return Number(value) * 1_000;
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
  console.log(`✔ MCP Server running on http://${shown}:${address.port}${endpointPath()}`);
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

const sockets = new Set<Socket>();
const underWay = new Set<IncomingMessage>();

/** Connections without a complete request run no call, and `server.close` would wait for them. */
function closeIncomplete(): void {
  const running = new Set([...underWay].filter(({ complete }) => complete).map(({ socket }) => socket));
  for (const socket of sockets) if (!running.has(socket)) socket.destroy();
}

function drain(server: Server): void {
  if (!server.listening) process.exit(1);
  // Closes a busy connection as soon as its call is answered, instead of seconds later.
  server.keepAliveTimeout = 1;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  closeIncomplete();
  endOpenStreams();
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
}

function stop(reason: string, code = 1): never {
  console.error(reason);
  process.exit(code);
}

void serve();
