/** What most cases expect. */
import type { Expect } from "../case.js";

export const ACCEPTED: Expect = { outcome: "accepted" };

/** 401 with a challenge that can be read (RFC 9110 section 15.5.2). */
export const UNAUTHORIZED: Expect = { outcome: "denied", status: 401, challenge: {} };

/** A request that is not even well-formed may be called so. */
export const UNAUTHORIZED_OR_BAD: Expect = { outcome: "denied", status: [400, 401] };

export const DENIED: Expect = { outcome: "denied" };

/** The specifications leave the choice; a defect or an outage is none. */
export const HANDLED: Expect = { outcome: "handled" };
