import { IncomingMessage, type ServerOptions, ServerResponse } from "http";

/** The classes of a server's requests and responses. */
export interface MessageClasses {
  readonly options: Pick<ServerOptions, "IncomingMessage" | "ServerResponse">;
  /** Stores the prototypes that the application gave a request and its response. */
  adopt(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * Express changes the prototype of each request and response (`Object.setPrototypeOf`). Up to Node 22, V8 then creates
 * a new hidden class each time, so that every later access misses its inline cache. Objects created with that prototype
 * avoid this.
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
