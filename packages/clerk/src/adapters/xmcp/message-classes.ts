import { IncomingMessage, type ServerOptions, ServerResponse } from "http";

/** What a server makes its requests and responses with. */
export interface MessageClasses {
  readonly options: Pick<ServerOptions, "IncomingMessage" | "ServerResponse">;
  /** Learns from a request and its response which prototypes the application gives them. */
  adopt(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * Express gives each request and each response another prototype (`Object.setPrototypeOf`). Up to Node 22 V8 makes a new
 * hidden class each time it does, so that every look at them, by whatever code, misses its inline cache. Those that are
 * made with that prototype in the first place are spared it.
 */
export function messageClasses(): MessageClasses {
  if (Number.parseInt(process.versions.node, 10) >= 24) return { options: {}, adopt: () => {} };
  // Not `extends`: the prototype could not be changed. Not `Reflect.construct`: V8 would not keep the hidden class.
  function Request(this: IncomingMessage, ...args: unknown[]): void {
    Reflect.apply(IncomingMessage, this, args);
  }
  function Response(this: ServerResponse, ...args: unknown[]): void {
    Reflect.apply(ServerResponse, this, args);
  }
  Request.prototype = IncomingMessage.prototype;
  Response.prototype = ServerResponse.prototype;
  return {
    options: {
      IncomingMessage: Request as unknown as typeof IncomingMessage,
      ServerResponse: Response as unknown as typeof ServerResponse,
    },
    adopt(request, response) {
      if (Request.prototype !== IncomingMessage.prototype) return;
      Request.prototype = Object.getPrototypeOf(request);
      Response.prototype = Object.getPrototypeOf(response);
    },
  };
}
