/** Expectations that many cases share. */
import type { Expect } from "../case.js";

export const ACCEPTED: Expect = { outcome: "accepted" };

/** 401 with a valid challenge (RFC 9110 §15.5.2). */
export const UNAUTHORIZED: Expect = { outcome: "denied", status: 401, challenge: {} };

/** A malformed request may also get a 400. */
export const UNAUTHORIZED_OR_BAD: Expect = { outcome: "denied", status: [400, 401] };

export const DENIED: Expect = { outcome: "denied" };

/** The specifications allow several responses, but not a defect or an outage. */
export const HANDLED: Expect = { outcome: "handled" };
