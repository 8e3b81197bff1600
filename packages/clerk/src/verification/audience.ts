import { Refusal } from "../errors/refusal.js";
import { AUDIENCE_ON } from "../options/dashboard.js";
import type { Settings } from "../options/settings.js";

/** Checks an `aud` value: a string, a list or `undefined`. */
export type AudienceCheck = (audience: unknown) => void;

/**
 * The audience policy (RFC 8707, RFC 9068 section 4): the token must name this resource, character for character. Only an
 * empty path and `/` are the same (RFC 3986 section 6.2.3). A token without `aud` passes only under `when-present`. The first
 * one is reported in the log, whether it passes or not.
 */
export function audienceCheck({ audience: policy, resource }: Settings): AudienceCheck {
  const names = new Set([resource, new URL(resource).pathname === "/" ? `${resource}/` : resource]);
  let warned = false;
  return (audience) => {
    if (audience === undefined) {
      if (!warned) console.warn(`[Clerk] ${policy === "required" ? REFUSED : ACCEPTED} ${FIX}`);
      warned = true;
      if (policy === "required") throw new Refusal("audience_missing", { fix: FIX });
      return;
    }
    const named = Array.isArray(audience) ? audience : [audience];
    if (!named.some((name) => names.has(name))) throw new Refusal("audience_mismatch");
  };
}

const REFUSED = "A token without an audience was refused: the server cannot tell whether it is meant for it.";
const ACCEPTED = "A token without an audience was accepted, although it may be meant for another server.";
const FIX =
  `Turn it on for the Clerk instance: ${AUDIENCE_ON}. If it is on, the client did not send the parameter "resource" (RFC 8707) ` +
  "when its user signed in: update the client. CLERK_AUDIENCE=when-present accepts such tokens, =required refuses them.";

/** Checks the machines that a token is for, which Clerk calls its scopes. */
export type MachineCheck = (machines: readonly string[]) => void;

/** The audience check of machine tokens: the token must be for this machine, if `machineId` is set. */
export function machineCheck({ machineId }: Settings): MachineCheck {
  let warned = false;
  return (machines) => {
    if (machineId !== undefined) {
      if (!machines.includes(machineId)) throw new Refusal("audience_mismatch");
      return;
    }
    if (!warned) console.warn(NO_MACHINE);
    warned = true;
  };
}

const NO_MACHINE =
  "[Clerk] A machine's token was accepted without knowing that it is for this server. Create a machine for this " +
  "server in Clerk Dashboard → Machines, and set CLERK_MACHINE_ID to its id (mch_…).";
