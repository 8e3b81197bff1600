/** A route of the Backend API. */

import { Refused } from "../http/clerk-error.js";
import type { Exchange } from "../http/exchange.js";
import type { Caller } from "./caller.js";

/**
 * Returns the response body, or throws `Refused`.
 * @param id the path segment that the pattern captures, if any
 */
export type Operation = (id: string, exchange: Exchange, caller: Caller) => unknown;

/** The path is without `/v1`. Default status: 200. */
export type Route = [method: string, path: RegExp, operation: Operation, status?: number];

export function notFound(longMessage: string): Refused {
  return new Refused({ status: 404, code: "resource_not_found", message: "not found", longMessage });
}

export function missing(kind: string, id: string): never {
  throw notFound(`No ${kind} was found with id ${id}.`);
}
