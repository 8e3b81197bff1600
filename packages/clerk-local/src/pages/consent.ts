/** The consent page: the client, the requested scopes, the signed-in user, and the redirect target. */
import { html } from "hono/html";
import type { LocalOrganization, LocalUser } from "../directory/directory.js";
import { layout, person } from "./layout.js";

export interface ConsentPage {
  /** Path that the forms post to, without its last segment. */
  action: string;
  client: string;
  /** The URL of the client's metadata document, if it has one. */
  clientUrl?: string;
  /** Whether the client's redirects all lead to this machine, where any program can receive them. */
  isLoopbackOnly?: boolean;
  user: LocalUser;
  scopes: { scope: string; description: string }[];
  /** The protected resources that the access is for, RFC 8707. */
  resources: string[];
  redirectUri: string;
  /** The organizations to choose from. Absent if the client did not request one. */
  organizations?: LocalOrganization[];
}

export function consentPage(page: ConsentPage): Promise<string> {
  const { action, client, clientUrl, isLoopbackOnly, user, scopes, resources, redirectUri, organizations } =
    page;
  return layout(
    `Allow ${client} to access your account?`,
    html`<h1>${client}</h1>
<p class="lead">wants to access your account</p>
${clientUrl !== undefined && html`<p class="lead">Its metadata document: <code>${clientUrl}</code></p>`}
${isLoopbackOnly && warning(client)}
<div class="account">
<div class="person">${person(user)}</div>
<form class="switch" method="post" action="${action}/switch"><button class="link" type="submit">Use another account</button></form>
</div>
<h2 id="scopes">This will allow it to</h2>
<ul class="scopes" aria-labelledby="scopes">
${scopes.map(
  ({ scope, description }) => html`<li>${description}<code>${scope}</code></li>
`,
)}</ul>
<form method="post" action="${action}/allow">
${organizations && organizationPicker(organizations)}
<dl>
${resources.map((resource) => html`<dt>For use with</dt><dd><code>${resource}</code></dd>`)}
<dt>You’ll be redirected to</dt><dd><code>${destination(redirectUri)}</code></dd>
</dl>
<div class="actions">
<button class="primary" type="submit">Allow</button>
<button type="submit" formaction="${action}/deny">Deny</button>
</div>
</form>`,
  );
}

function warning(client: string) {
  return html`<p class="warning" role="note">Any program on this computer can pretend to be ${client}. Allow it only if you just started the
sign-in there.</p>`;
}

function organizationPicker(organizations: LocalOrganization[]) {
  return html`<label for="organization">Organization</label>
<select id="organization" name="organization">
${organizations.map(
  ({ id, name }) => html`<option value="${id}">${name}</option>
`,
)}<option value="">Personal account</option>
</select>`;
}

/** The recognizable part of a redirect URI: the host, or the scheme of an application on this machine. */
function destination(redirectUri: string): string {
  if (!URL.canParse(redirectUri)) return redirectUri;
  const { protocol, host } = new URL(redirectUri);
  return ["http:", "https:"].includes(protocol) ? host : `${protocol}//${host}`;
}
