/** A route of the Backend API: a method, a path, and what answers it. */
import type { Exchange } from "../http/exchange.js";
import type { Caller } from "./caller.js";

/**
 * Returns the response body, or throws `Refused`. `undefined` is a response without a body.
 * @param id the first path segment that the pattern captures, if any
 * @param inner the second one
 */
export type Operation = (id: string, exchange: Exchange, caller: Caller, inner: string) => unknown;

export type Route = [
  method: string,
  /** Without `/v1`. */
  path: RegExp,
  operation: Operation,
  /** Of the response, unless the request is refused. Default: 200. */
  status?: number,
];
