/** The accounts that users have connected. No token is ever shown. */
import { html } from "hono/html";
import type { AccountRecord } from "../accounts/external-accounts.js";
import { providerName } from "../accounts/providers.js";
import { fullName, type Markup } from "../pages/layout.js";
import { actionForm, codes, MAX_SHOWN, rest, short, table } from "./form.js";
import type { DashboardParts } from "./parts.js";
import { untilTime } from "./times.js";

const HEADINGS = ["Whom", "Provider", "Account", "Scopes", "Token expires", "Action"];

export function accountsSection(parts: DashboardParts): Markup {
  const { directory, externalAccounts } = parts.instance;
  const accounts = externalAccounts.list();
  const page = html`<p class="quiet">Users connect accounts at <a href="/user">/user</a>.</p>`;
  if (accounts.length === 0) return page;
  return html`${page}
${table(
  "Connected accounts",
  HEADINGS,
  accounts.slice(0, MAX_SHOWN).map((account) => {
    const user = directory.userById(account.userId);
    return [
      user ? fullName(user) : account.userId,
      providerName(account.provider),
      short(account.username),
      codes(account.scopes),
      expiry(parts, account),
      actions(parts, account),
    ];
  }),
)}
${rest(accounts.length, "accounts")}`;
}

function expiry({ instance: { externalAccounts, clock } }: DashboardParts, account: AccountRecord): string {
  const then = account.refreshable ? "then refreshed" : "not refreshed";
  if (account.expiresAt === null) return "never";
  if (externalAccounts.isExpired(account)) return `expired, ${then}`;
  return `${untilTime(account.expiresAt, clock.now())}, ${then}`;
}

function actions(parts: DashboardParts, { id, provider, username }: AccountRecord): Markup {
  const name = `${providerName(provider)} account ${username}`;
  const button = (action: string, text: string, look: string) =>
    actionForm(
      parts,
      action,
      { account: id },
      html`<button type="submit" class="${look}" aria-label="${text} the ${name}">${text}</button>`,
    );
  return html`<div class="choices">${button("expire-account", "Expire", "")}${button("disconnect-account", "Disconnect", "danger")}</div>`;
}
