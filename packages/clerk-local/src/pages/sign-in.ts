/** The sign-in page: one button for each user, no password. */
import { html } from "hono/html";
import type { LocalUser } from "../directory/directory.js";
import { layout, person } from "./layout.js";

/** Most users on the page; a test may have seeded thousands. */
const MAX_SHOWN = 50;

export interface SignInPage {
  action: string;
  client: string;
  users: LocalUser[];
  /** In the form, if its action needs one. */
  formKey?: string;
}

export function signInPage({ action, client, users, formKey }: SignInPage): Promise<string> {
  const hidden = users.length - MAX_SHOWN;
  return layout(
    `Sign in to continue to ${client}`,
    html`<h1>Sign in</h1>
<p class="lead">Choose an account to continue to ${client}</p>
<form method="post" action="${action}">
${formKey !== undefined && html`<input type="hidden" name="key" value="${formKey}">`}
<ul class="people">
${users.slice(0, MAX_SHOWN).map(
  (
    user,
  ) => html`<li><button class="person" type="submit" name="user" value="${user.id}" data-user="${user.username}"${user.banned && html` disabled`}>
${person(user)}
</button></li>
`,
)}</ul>
</form>
${hidden > 0 && html`<p class="lead">and ${hidden} more, who can sign in with <code>login_hint</code></p>`}`,
  );
}
