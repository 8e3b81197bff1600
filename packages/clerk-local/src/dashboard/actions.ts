/** The buttons of the page. Each calls what a test would call, and says what it has done. */
import { z } from "zod";
import { faultsFor, MAX_SLOW_SECONDS } from "./fault-presets.js";
import { revocable } from "./live-tokens.js";
import type { DashboardParts } from "./parts.js";
import { spanOf } from "./times.js";

/** A part of the page that shows what an action has done. */
export type SectionId = "switches" | "users" | "tokens" | "accounts";

export interface Action {
  section: SectionId;
  /**
   * @param form the fields of the form, by name
   * @returns a sentence
   * @throws if a field is wrong; the message is for the person who pressed the button
   */
  run(parts: DashboardParts, form: Readonly<Record<string, string>>): string | Promise<string>;
}

const text = z.string().min(1);
const aUser = { user: text };
const aMembership = { ...aUser, organization: text };
const aRole = { ...aMembership, role: text };
const anAccount = { account: text };

const SECONDS_IN = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };
const MAX_OFFSET_SECONDS = 10 * 365 * SECONDS_IN.days;

/** Every action, by the last part of its path. */
export const actions: Readonly<Record<string, Action>> = {
  "set-role": action("users", aRole, ({ local }, { organization, user, role }) => {
    local.organizations.setRole(organization, user, role);
    return `${nameOf(local, user)} is ${role} in ${local.organizations.get(organization).name} now.`;
  }),
  "add-member": action("users", aRole, ({ local }, { organization, user, role }) => {
    local.organizations.addMember(organization, user, role);
    return `${nameOf(local, user)} is a member of ${local.organizations.get(organization).name} now, as ${role}.`;
  }),
  "remove-member": action("users", aMembership, ({ local }, { organization, user }) => {
    local.organizations.removeMember(organization, user);
    return `${nameOf(local, user)} is no longer a member of ${local.organizations.get(organization).name}.`;
  }),
  ban: action("users", aUser, ({ local }, { user }) => {
    local.users.ban(user);
    return `${nameOf(local, user)} is banned, and can neither sign in nor refresh. Access tokens stay valid.`;
  }),
  unban: action("users", aUser, ({ local }, { user }) => {
    local.users.unban(user);
    return `${nameOf(local, user)} can sign in again.`;
  }),
  revoke: action("tokens", { token: text }, async ({ local, instance }, { token }) => {
    if (!(await local.revoke(revocable(instance, token)))) throw new Error("That token no longer exists.");
    return "Revoked. A server that checks only the signature of a JWT accepts it until it expires.";
  }),
  "expire-account": action("accounts", anAccount, ({ local }, { account }) => {
    const { refreshable } = local.connectedAccounts.expire(account);
    return `The provider's token has expired.${refreshable ? " Clerk replaces it at the next call." : ""}`;
  }),
  "disconnect-account": action("accounts", anAccount, ({ local }, { account }) => {
    local.connectedAccounts.disconnect(account);
    return "The account is disconnected, and its token no longer works.";
  }),
  "token-format": action(
    "switches",
    { format: z.enum(["jwt", "opaque"]) },
    ({ instance: { profile } }, { format }) => {
      profile.tokenFormat = format;
      return `New access tokens are ${format === "jwt" ? "JWTs" : "opaque"}. Existing ones do not change.`;
    },
  ),
  faults: action(
    "switches",
    {
      condition: z.enum(["works", "down", "slow", "limited"]),
      seconds: z.string().default("3"),
    },
    ({ local }, { condition, seconds }) => {
      local.faults(faultsFor(condition, condition === "slow" ? slowSeconds(seconds) : 0));
      return condition === "works" ? "Clerk works again." : "Done. “Clerk works” ends it.";
    },
  ),
  "rotate-keys": action("switches", { old: z.enum(["keep", "drop"]) }, async ({ local }, { old }) => {
    const { kid } = await local.rotateKeys({ keepOld: old === "keep" });
    const others =
      old === "keep"
        ? "Tokens of the old key stay valid."
        : "A server accepts tokens of the old key until it fetches the keys again.";
    return `New tokens are signed with ${kid}. ${others}`;
  }),
  clock: action(
    "switches",
    {
      amount: z.coerce.number(),
      unit: z.enum(["seconds", "minutes", "hours", "days"]),
    },
    ({ local }, { amount, unit }) => {
      const offsetSeconds = Math.round(amount * SECONDS_IN[unit]);
      if (!(Math.abs(offsetSeconds) <= MAX_OFFSET_SECONDS)) throw new Error("At most ten years.");
      local.clock({ offsetSeconds });
      return offsetSeconds === 0
        ? "The clock shows the time of this machine again."
        : `The clock is ${spanOf(Math.abs(offsetSeconds) * 1000)} ${offsetSeconds > 0 ? "ahead" : "behind"}.`;
    },
  ),
};

function action<Shape extends z.ZodRawShape>(
  section: SectionId,
  shape: Shape,
  run: (parts: DashboardParts, fields: z.output<z.ZodObject<Shape>>) => string | Promise<string>,
): Action {
  const schema = z.object(shape);
  return {
    section,
    run(parts, form) {
      const result = schema.safeParse(form);
      if (result.success) return run(parts, result.data);
      throw new Error(
        result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
      );
    },
  };
}

function slowSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds >= 0.1 && seconds <= MAX_SLOW_SECONDS) return seconds;
  throw new Error(`Enter the seconds by which Clerk is slow: from 0.1 to ${MAX_SLOW_SECONDS}.`);
}

function nameOf(local: DashboardParts["local"], user: string): string {
  return local.users.get(user).username;
}
