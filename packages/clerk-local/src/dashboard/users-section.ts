/** The users, with their organizations and roles. */
import { html } from "hono/html";
import type { LocalMembership, LocalUser } from "../directory/directory.js";
import { fullName, type Markup, person } from "../pages/layout.js";
import { actionForm, MAX_SHOWN, rest, select } from "./form.js";
import type { DashboardParts } from "./parts.js";

/** Most memberships of a user that are shown. */
const MAX_MEMBERSHIPS = 10;

export function usersSection(parts: DashboardParts): Markup {
  const { directory } = parts.instance;
  const users = directory.users();
  const roles = directory.roles.list().map(({ key }) => [key, key] as const);
  const shown = users.slice(0, MAX_SHOWN);
  return html`<ul class="rows">
${shown.map((user) => userRow(parts, user, roles))}
</ul>
${users.length === 0 && html`<p class="quiet">There are no users.</p>`}
${rest(users.length, "users")}`;
}

type Options = readonly (readonly [value: string, text: string])[];

function userRow(parts: DashboardParts, user: LocalUser, roles: Options): Markup {
  const memberships = parts.instance.directory.membershipsOf(user).reverse();
  return html`<li class="user" id="user-${user.id}">
<div class="person">${person(user)}</div>
<div class="memberships">
${memberships.slice(0, MAX_MEMBERSHIPS).map((membership) => membershipRow(parts, user, membership, roles))}
${memberships.length === 0 && html`<p class="quiet">No organization</p>`}
${rest(memberships.length, "organizations", MAX_MEMBERSHIPS)}
${joining(parts, user, memberships, roles)}
</div>
${actionForm(
  parts,
  user.banned ? "unban" : "ban",
  { user: user.id },
  user.banned
    ? html`<button type="submit" aria-label="Unban ${fullName(user)}">Unban</button>`
    : html`<button type="submit" class="danger" aria-label="Ban ${fullName(user)}">Ban</button>`,
)}
</li>
`;
}

function membershipRow(
  parts: DashboardParts,
  user: LocalUser,
  { organizationId, role }: LocalMembership,
  roles: Options,
): Markup {
  const { name } = parts.instance.directory.organization(organizationId);
  const place = `of ${fullName(user)} in ${name}`;
  const membership = { user: user.id, organization: organizationId };
  return html`<div class="membership">
<span class="place">${name}</span>
${actionForm(
  parts,
  "set-role",
  membership,
  html`${select("role", `Role ${place}`, roles, role)}
<button type="submit" aria-label="Save the role ${place}">Save</button>`,
)}
${actionForm(
  parts,
  "remove-member",
  membership,
  html`<button type="submit" class="danger" aria-label="Remove ${fullName(user)} from ${name}">Remove</button>`,
)}
</div>`;
}

function joining(
  parts: DashboardParts,
  user: LocalUser,
  memberships: readonly LocalMembership[],
  roles: Options,
): Markup | false {
  const joined = new Set(memberships.map(({ organizationId }) => organizationId));
  const others = parts.instance.directory
    .organizations()
    .filter(({ id }) => !joined.has(id))
    .slice(0, MAX_SHOWN)
    .map(({ id, name }) => [id, name] as const);
  if (others.length === 0 || roles.length === 0) return false;
  const standard = roles.find(([role]) => role === "org:member") ?? roles[0];
  return html`<details id="join-${user.id}">
<summary>Add ${fullName(user)} to an organization</summary>
${actionForm(
  parts,
  "add-member",
  { user: user.id },
  html`${select("organization", `Organization for ${fullName(user)}`, others)}
${select("role", `Role of ${fullName(user)} there`, roles, standard?.[0])}
<button type="submit" aria-label="Add ${fullName(user)}">Add</button>`,
)}
</details>`;
}
