/** The HTTP server: tries its handlers in order. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { sendClerkError } from "./clerk-error.js";
import { BodyTooLarge, type Exchange, type Handler } from "./exchange.js";
import { LOOPBACK } from "./loopback.js";

export interface LocalServer {
  /** The only origin that the server uses: `http://127.0.0.1:<port>`. */
  origin: string;
  /** Sets the handlers. Until then every request gets a 503. */
  handle(handlers: readonly Handler[]): void;
  /** From now on, neither the server nor its connections keep the process running. */
  unref(): void;
  close(): Promise<void>;
}

/** Listens on the loopback interface. Port `0` takes any free port. */
export async function listen(port: number): Promise<LocalServer> {
  let handlers: readonly Handler[] = [];
  const server = createServer((req, res) => void answer(handlers, exchangeOf(origin, req, res)));
  await listening(server, port);
  const origin = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    handle(next) {
      handlers = next;
    },
    unref() {
      server.unref();
      server.on("connection", (socket) => socket.unref());
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? new PortTaken(port) : error);
    });
    server.listen(port, LOOPBACK, resolve);
  });
}

export class PortTaken extends Error {
  constructor(port: number) {
    super(`Port ${port} is taken. Choose another with --port or CLERK_LOCAL_PORT (0 takes any free one).`);
  }
}

async function answer(handlers: readonly Handler[], exchange: Exchange): Promise<void> {
  const { res } = exchange;
  try {
    for (const handler of handlers) {
      if (await handler(exchange)) return;
    }
    sendClerkError(exchange, { status: 503, code: "starting", message: "clerk-local is starting." });
  } catch (error) {
    if (res.headersSent || res.destroyed) {
      res.destroy();
    } else if (error instanceof BodyTooLarge) {
      sendClerkError(
        exchange,
        { status: 413, code: "request_body_too_large", message: error.message },
        { connection: "close" },
      );
    } else {
      console.error(`clerk-local: ${exchange.method} ${exchange.path} failed.`, error);
      sendClerkError(exchange, {
        status: 500,
        code: "internal_clerk_error",
        message: "clerk-local failed; see its output.",
      });
    }
  }
}

function exchangeOf(origin: string, req: IncomingMessage, res: ServerResponse): Exchange {
  // Only path and query come from the request; the host guard checks the host. Leading slashes are collapsed, because
  // "//name" would be parsed as a host.
  const target = req.url ?? "/";
  const url = new URL(target.startsWith("/") ? target.replace(/^\/+/, "/") : "/", origin);
  return { req, res, method: req.method ?? "GET", url, path: url.pathname };
}
