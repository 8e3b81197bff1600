/** The clients: pre-registered, registered, and those with a metadata document. */
import { html } from "hono/html";
import type { Markup } from "../pages/layout.js";
import { codes, MAX_SHOWN, rest, short, table } from "./form.js";
import { knownClients } from "./known-clients.js";
import type { DashboardParts } from "./parts.js";

/** Most redirect URIs of a client that are shown. */
const MAX_REDIRECTS = 3;

export function clientsSection({ instance }: DashboardParts): Markup {
  const clients = knownClients(instance);
  if (clients.length === 0) return html`<p class="quiet">None yet. They appear as they connect.</p>`;
  return html`${table(
    "Clients",
    ["Name", "Known as", "Client id", "Redirects"],
    clients
      .slice(0, MAX_SHOWN)
      .map(({ id, name, known, redirectUris }) => [
        short(name ?? "–"),
        known,
        html`<code>${short(id)}</code>`,
        codes(redirectUris, MAX_REDIRECTS),
      ]),
  )}
${rest(clients.length, "clients")}`;
}
