import type { IncomingHttpHeaders, IncomingMessage } from "http";
import type { AuthInfo } from "../../session/auth-info.js";

/** A request that has passed the door: `body` is the message that was judged. */
export type Judged = IncomingMessage & { readonly body?: unknown; readonly auth?: unknown };

/** Members of xmcp's request handler for the Fetch API. */
export interface AuthenticatedRequest extends Request {
  readonly auth?: AuthInfo | undefined;
}

/** The request for xmcp. Its message is the judged value itself, not a text that would be parsed again. */
export class JudgedRequest extends Request implements AuthenticatedRequest {
  readonly auth: AuthInfo | undefined;
  readonly #message: unknown;
  readonly #whenClosed: (listener: () => void) => void;
  #controller: AbortController | undefined;

  /** @param whenClosed calls its listener when the caller no longer waits for the response. */
  constructor(incoming: Judged, whenClosed: (listener: () => void) => void) {
    const { method = "GET", headers, body } = incoming;
    super(urlOf(incoming), { method, headers: fieldsOf(headers) });
    this.auth = incoming.auth as AuthInfo | undefined;
    this.#message = body;
    this.#whenClosed = whenClosed;
  }

  override async json(): Promise<unknown> {
    return this.#message;
  }

  /** Made for those who ask: Node takes 20 µs to let a request follow a signal. */
  override get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      this.#whenClosed(() => controller.abort());
    }
    return this.#controller.signal;
  }
}

/** Fields of the body that arrived. */
const OF_THE_BODY = new Set(["content-length", "transfer-encoding", "content-encoding"]);

/** As Node joins them: of most fields that come twice it keeps the first. */
function fieldsOf(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || OF_THE_BODY.has(name) ? [] : [[name, String(value)] as [string, string]],
  );
}

/** The host is not checked behind the door. */
function urlOf({ url = "/", headers }: IncomingMessage): string {
  const full = `http://${headers.host}${url}`;
  return URL.canParse(full) ? full : "http://localhost/";
}
