/** Clerk's error envelope. */
import { randomBytes } from "node:crypto";
import { type Exchange, type Headers, sendJson } from "./exchange.js";

export interface ClerkError {
  status: number;
  code: string;
  message: string;
  longMessage?: string;
  meta?: Record<string, unknown>;
}

/** Thrown by an operation of the Backend API. Its error becomes the response. */
export class Refused extends Error {
  readonly error: ClerkError;

  constructor(error: ClerkError) {
    super(error.longMessage ?? error.message);
    this.error = error;
  }
}

export function sendClerkError(exchange: Exchange, error: ClerkError, headers: Headers = {}): true {
  const { status, code, message, longMessage = message, meta } = error;
  const body = {
    errors: [{ message, long_message: longMessage, code, ...(meta && { meta }) }],
    clerk_trace_id: randomBytes(16).toString("hex"),
  };
  return sendJson(exchange, status, body, headers);
}
