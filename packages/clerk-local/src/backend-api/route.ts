/** A route of the Backend API. */
import type { Exchange } from "../http/exchange.js";
import type { Caller } from "./caller.js";

/**
 * Returns the response body, or throws `Refused`. `undefined` is a response without a body.
 * @param id the first path segment that the pattern captures, if any
 * @param inner the second one
 */
export type Operation = (id: string, exchange: Exchange, caller: Caller, inner: string) => unknown;

/** The path is without `/v1`. Default status: 200. */
export type Route = [method: string, path: RegExp, operation: Operation, status?: number];
