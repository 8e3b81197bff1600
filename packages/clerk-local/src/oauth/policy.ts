/** When to prompt the user: oidc-provider's policy with two rules of Clerk's added. */
import type { interactionPolicy as InteractionPolicy } from "oidc-provider";
import { interactionPolicy } from "./oidc-provider.js";

const { Check, base } = interactionPolicy;

export function clerkPolicy(): InteractionPolicy.DefaultPolicy {
  const policy = base();
  policy.get("login")?.checks.add(
    new Check("account_gone", "the account was deleted or banned", "login_required", (ctx) =>
      // Checks the account for each request: the session may be older than a ban.
      ctx.oidc.session?.accountId && !ctx.oidc.account ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
    ),
  );
  policy.get("consent")?.checks.add(
    // Clerk's consent page cannot be turned off for clients that registered themselves.
    new Check("consent_required", "consent is asked for each time", "consent_required", (ctx) =>
      ctx.oidc.result?.consent ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
    ),
  );
  return policy;
}
