/** The local Clerk, which `npm run dev:local` starts with the server. Clerk itself is never on loopback. */

import { PROTECTED_RESOURCE_METADATA_PATH } from "../../../response/protected-resource-metadata.js";
import { isLoopback } from "../../../runtime/loopback.js";
import { type Ask, orUnanswered, Unanswered } from "../ask.js";
import { fail, type ResourceMetadata } from "../check.js";

const START_STAND_IN = "Start it together with the server: npm run dev:local";

export function isStandIn(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === "http:" && isLoopback(hostname);
}

/** The fix for faults that somebody has switched on. */
export function endFaults(issuer: string): string {
  return `Open ${issuer}/ and press “Clerk works”.`;
}

/** The finding if the local Clerk is stopped or has faults. */
export function standInAway(issuer: string, answer: Unanswered) {
  if (!isStandIn(issuer)) return undefined;
  return answer.reason === "refused"
    ? fail(`the local Clerk is not running at ${issuer}`, START_STAND_IN)
    : fail(answer.message, endFaults(issuer));
}

/** For a check that asks the local Clerk again. */
export const WAITS_FOR_STAND_IN = "waiting for the local Clerk";

/** Where a server sends clients to sign in; `"nowhere"` if no server answers. */
export async function issuerOf(url: string, ask: Ask): Promise<string | "nowhere" | undefined> {
  const answer = await orUnanswered(ask(new URL(PROTECTED_RESOURCE_METADATA_PATH, url).href));
  if (answer instanceof Unanswered) return "nowhere";
  const { authorization_servers: servers } = (answer.json ?? {}) as ResourceMetadata;
  const issuer: unknown = Array.isArray(servers) ? servers[0] : undefined;
  return typeof issuer === "string" && URL.canParse(issuer) ? issuer : undefined;
}
