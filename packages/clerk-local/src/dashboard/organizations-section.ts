/** The organizations and the roles. */
import { html } from "hono/html";
import type { Markup } from "../pages/layout.js";
import { codes, MAX_SHOWN, rest, short, table } from "./form.js";
import type { DashboardParts } from "./parts.js";

export function organizationsSection({ instance: { directory } }: DashboardParts): Markup {
  const organizations = directory.organizations();
  const roles = directory.roles.list();
  return html`${
    organizations.length === 0
      ? html`<p class="quiet">There are no organizations.</p>`
      : table(
          "Organizations",
          ["Name", "Slug", "Id", "Members"],
          organizations
            .slice(0, MAX_SHOWN)
            .map((organization) => [
              short(organization.name),
              html`<code>${organization.slug}</code>`,
              html`<code>${organization.id}</code>`,
              String(directory.membersOf(organization).length),
            ]),
        )
  }
${rest(organizations.length, "organizations")}
<h3>Roles</h3>
${table(
  "Roles",
  ["Role", "Permissions"],
  roles.slice(0, MAX_SHOWN).map(({ key, permissions }) => [html`<code>${key}</code>`, codes(permissions)]),
)}
${rest(roles.length, "roles")}`;
}
