/** A page like a provider's own, on which its user allows Clerk to use the account. */
import { html } from "hono/html";
import { providerName } from "../accounts/providers.js";
import { layout } from "../pages/layout.js";

export interface ProviderConsentPage {
  provider: string;
  /** The account that is suggested. */
  username: string;
  /** The scopes to choose from. */
  scopes: readonly string[];
  formKey: string;
}

export function providerConsentPage(page: ProviderConsentPage): Promise<string> {
  const { provider, username, scopes, formKey } = page;
  const name = providerName(provider);
  return layout(
    `Connect ${name}`,
    html`<h1>${name}</h1>
<p class="lead">clerk-local wants to access your ${name} account</p>
<p class="lead">This page stands in for ${name}'s own. Nothing is sent to ${name}.</p>
<form method="post" action="/providers/${provider}/authorize">
<input type="hidden" name="key" value="${formKey}">
<label for="username">Account at ${name}</label>
<input class="field" id="username" name="username" value="${username}" maxlength="60" autocomplete="off" required>
<fieldset>
<legend>Allow</legend>
<ul class="scopes">
${scopes.map(
  (
    scope,
  ) => html`<li><label class="choice"><input type="checkbox" name="scope" value="${scope}" checked><code>${scope}</code></label></li>
`,
)}</ul>
</fieldset>
<div class="actions">
<button class="primary" type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny" formnovalidate>Deny</button>
</div>
</form>`,
  );
}
