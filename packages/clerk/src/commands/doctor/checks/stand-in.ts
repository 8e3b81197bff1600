/** The local Clerk, which `npm run dev:local` starts with the server. Clerk itself is never on loopback. */

import { PROTECTED_RESOURCE_METADATA_PATH } from "../../../response/protected-resource-metadata.js";
import { isLoopback } from "../../../runtime/loopback.js";
import { type Answer, type Ask, orUnanswered, Unanswered } from "../ask.js";
import type { ResourceMetadata } from "../check.js";

export const START_STAND_IN = "Start it together with the server: npm run dev:local";

export function isStandIn(issuer: string): boolean {
  return isLoopback(new URL(issuer).hostname);
}

/** Whether nothing listens where the local Clerk was. */
export function isStopped(issuer: string, answer: Answer | Unanswered): answer is Unanswered {
  return isStandIn(issuer) && answer instanceof Unanswered && answer.reason === "refused";
}

export function stopped(issuer: string): string {
  return `the local Clerk is not running at ${issuer}`;
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
