/** One connection to the target. Sends bytes and reads responses within a strict time limit. */
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type PlainRequest, requestBytes } from "./request-bytes.js";
import { type RawResponse, ResponseParser } from "./response-parser.js";

/** The outcome of a request: a response, or the reason why there is none. */
export type Exchange =
  | { readonly kind: "answer"; readonly response: RawResponse; readonly tookMs: number }
  /** The target closed the connection without a response, which also refuses the request. */
  | { readonly kind: "closed"; readonly tookMs: number }
  | { readonly kind: "broken"; readonly problem: string; readonly tookMs: number };

export class Connection {
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  #rest: Buffer = Buffer.alloc(0);
  #isOpen = false;
  #isClosed = false;

  constructor(url: URL, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    const isTls = url.protocol === "https:";
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const port = Number(url.port || (isTls ? 443 : 80));
    this.#socket = isTls ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
    this.#socket.setNoDelay(true);
    this.#socket.once("connect", () => {
      this.#isOpen = true;
    });
    // `close` reports each error to the exchange; without a listener, an error would end the process.
    this.#socket.on("error", () => {});
    this.#socket.once("close", () => {
      this.#isClosed = true;
    });
  }

  exchange(request: PlainRequest, connection: "close" | "keep-alive" = "close"): Promise<Exchange> {
    const started = performance.now();
    const tookMs = () => Math.round(performance.now() - started);
    const isHead = request.method === "HEAD";
    const isGet = request.method === "GET";
    const parser = new ResponseParser({ isHead, isGet, awaitsEnd: connection === "keep-alive" });
    return new Promise((resolve) => {
      const settle = (exchange: Exchange): void => {
        clearTimeout(timer);
        this.#socket.off("data", onData).off("close", onClose);
        this.#rest = Buffer.from(parser.rest());
        resolve(exchange);
      };
      const read = (bytes: () => RawResponse | undefined, otherwise?: Exchange): void => {
        try {
          const response = bytes();
          if (response !== undefined) settle({ kind: "answer", response, tookMs: tookMs() });
          else if (otherwise !== undefined) settle(otherwise);
        } catch (error) {
          settle({ kind: "broken", problem: (error as Error).message, tookMs: tookMs() });
        }
      };
      const onData = (bytes: Buffer): void => read(() => parser.push(bytes));
      const onClose = (): void => {
        const nothing = { kind: "broken", problem: "the server accepts no connections" } as const;
        read(() => parser.end(), { ...(this.#isOpen ? { kind: "closed" } : nothing), tookMs: tookMs() });
      };
      const timer = setTimeout(() => {
        settle({
          kind: "broken",
          problem: `no complete response in ${this.#timeoutMs} ms`,
          tookMs: tookMs(),
        });
      }, this.#timeoutMs);
      this.#socket.on("data", onData).on("close", onClose);
      if (this.#isClosed) return onClose();
      if (this.#rest.length > 0) onData(this.#rest);
      this.#socket.write(requestBytes(request, connection));
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Sends one request on its own connection. */
export async function exchangeOnce(url: URL, request: PlainRequest, timeoutMs: number): Promise<Exchange> {
  const connection = new Connection(url, timeoutMs);
  try {
    return await connection.exchange(request);
  } finally {
    connection.close();
  }
}
