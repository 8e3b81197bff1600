/** A user as the pages show one: picture, name, email. */
import type { LocalUser } from "../directory/directory.js";
import { type Html, html } from "./html.js";

export function fullName(user: LocalUser): string {
  return [user.firstName, user.lastName].filter(Boolean).join(" ") || user.username;
}

export function person(user: LocalUser): Html {
  return html`<img src="/images/${user.id}.svg" alt="" width="36" height="36">
<span><span class="name">${fullName(user)}${user.banned && html`<span class="tag">banned</span>`}</span>
<span class="email">${user.email}</span></span>`;
}
