/** The profile page: the accounts at other providers that the signed-in user has connected. */
import { html } from "hono/html";
import type { AccountRecord } from "../accounts/external-accounts.js";
import { providerName } from "../accounts/providers.js";
import type { LocalUser } from "../directory/directory.js";
import { layout, type Markup, person } from "../pages/layout.js";

export interface UserPage {
  user: LocalUser;
  accounts: readonly AccountRecord[];
  isExpired(account: AccountRecord): boolean;
  /** Ids of the providers that can be connected. */
  providers: readonly string[];
  /** What the last form has done. */
  outcome: string | undefined;
  /** In each form. */
  formKey: string;
}

export function userPage(page: UserPage): Promise<string> {
  const { user, accounts, providers, outcome, formKey } = page;
  return layout(
    "Your account",
    html`<h1>Your account</h1>
${outcome !== undefined && html`<p class="warning" role="status">${outcome}</p>`}
<div class="account">
<div class="person">${person(user)}</div>
${form(formKey, "sign-out", {}, html`<button class="link" type="submit">Use another account</button>`, "switch")}
</div>
<h2 id="connected">Connected accounts</h2>
${accounts.length === 0 && html`<p class="lead">None yet.</p>`}
${accounts.length > 0 && html`<ul class="scopes" aria-labelledby="connected">${accounts.map((account) => connected(page, account))}</ul>`}
<h2>Connect an account</h2>
<div class="connections">
${providers.map((provider) => connecting(page, provider))}
</div>
${providers.length === 0 && html`<p class="lead">No provider is enabled.</p>`}`,
  );
}

function connected({ formKey, isExpired }: UserPage, account: AccountRecord): Markup {
  const { id, provider, username, scopes } = account;
  const name = `${providerName(provider)}: ${username}`;
  const state = isExpired(account) && !account.refreshable && html` <span class="tag">expired</span>`;
  return html`<li class="connection"><div><span class="name">${name}${state}</span><code>${scopes.join(" ") || "no scopes"}</code></div>
${form(formKey, "disconnect", { account: id }, html`<button class="link" type="submit" aria-label="Disconnect ${name}">Disconnect</button>`)}
</li>
`;
}

function connecting({ formKey, accounts }: UserPage, provider: string): Markup {
  const again = accounts.some((account) => account.provider === provider);
  const text = `Connect ${providerName(provider)}${again ? " again" : ""}`;
  return form(formKey, "connect", { provider }, html`<button type="submit">${text}</button>`, "actions");
}

function form(
  formKey: string,
  action: string,
  fields: Readonly<Record<string, string>>,
  controls: Markup,
  look?: string,
): Markup {
  const hidden = Object.entries({ key: formKey, ...fields });
  return html`<form method="post" action="/user/${action}"${look !== undefined && html` class="${look}"`}>
${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${controls}
</form>`;
}
