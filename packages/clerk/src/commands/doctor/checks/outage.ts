/** Clerk does not answer at the moment, so no setting has to change. */
import { type Answer, Unanswered } from "../ask.js";
import { fail } from "../check.js";
import { endFaults, isStandIn, standInAway } from "./stand-in.js";

const WAIT = "Wait, and run this again. Outages are listed at https://status.clerk.com";

/**
 * The finding for an outage of Clerk, a rate limit, or a fault of the local Clerk.
 *
 * @param origin of Clerk's API that was asked
 * @returns `undefined` if Clerk answers, or if its address may be wrong.
 */
export function outage(origin: string, answer: Answer | Unanswered) {
  if (answer instanceof Unanswered) return standInAway(origin, answer);
  const { status, url } = answer;
  if (status !== 429 && status < 500) return undefined;
  return fail(`Clerk does not answer: ${status} at ${url}`, isStandIn(origin) ? endFaults(origin) : WAIT);
}
