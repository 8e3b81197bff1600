import type { IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import { listening } from "../protected-server.js";

/** An answer on its way through a front. An alteration may change it. */
export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly requestHeaders: IncomingHttpHeaders;
  status: number;
  /** Names in lower case. */
  headers: Map<string, string>;
  body: string;
}

/** Changes an answer. A returned promise is awaited. */
export type Alteration = (passing: Passing) => unknown;

/** A proxy in front of a server, which can alter the answers. */
export interface Front {
  readonly origin: string;
  /** Applies to every answer from now on. */
  alter(alteration: Alteration): void;
  /** Takes a header, in lower case, out of every request from now on. */
  withhold(name: string): void;
  /** Removes all alterations. */
  restore(): void;
}

/** Headers that belong to a connection, or that no longer fit a changed body. */
const OF_THE_CONNECTION = [
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "content-encoding",
];

/** @param target returns the origin behind it. Called per request, because that server may need the front's origin. */
export async function front(target: () => string): Promise<Front> {
  const alterations: Alteration[] = [];
  const withheld = new Set<string>();
  const origin = await listening(async (request, response) => {
    const { method = "GET", url: path = "/", headers } = request;
    const body = await buffer(request);
    const { host: _, connection: __, "content-length": ___, ...passed } = headers;
    const answer = await fetch(`${target()}${path}`, {
      method,
      headers: Object.fromEntries(
        Object.entries(passed as Record<string, string>).filter(([name]) => !withheld.has(name)),
      ),
      ...(body.length > 0 && { body }),
      redirect: "manual",
    });
    const passing: Passing = {
      method,
      path,
      requestHeaders: headers,
      status: answer.status,
      headers: new Map([...answer.headers].filter(([name]) => !OF_THE_CONNECTION.includes(name))),
      body: await answer.text(),
    };
    // xmcp's own CORS runs before any middleware.
    if (!passing.headers.has("access-control-allow-origin"))
      passing.headers.set("access-control-allow-origin", "*");
    for (const alteration of alterations) await alteration(passing);
    if (!passing.headers.has("date")) response.sendDate = false;
    response.writeHead(passing.status, Object.fromEntries(passing.headers));
    response.end(passing.body);
  });
  return {
    origin,
    alter: (alteration) => void alterations.push(alteration),
    withhold: (name) => void withheld.add(name),
    restore() {
      alterations.splice(0);
      withheld.clear();
    },
  };
}
