/** The live tokens: what each is for, and until when. No value and no secret is ever shown. */
import { html } from "hono/html";
import { fullName, type Markup } from "../pages/layout.js";
import { actionForm, codes, MAX_SHOWN, rest, short, table } from "./form.js";
import { clientNames, knownClients } from "./known-clients.js";
import { type LiveToken, liveTokens } from "./live-tokens.js";
import type { DashboardParts } from "./parts.js";
import { untilTime } from "./times.js";

const HEADINGS = ["Kind", "Whom", "Client", "Scopes", "Audience", "Expires", "Action"];

export function tokensSection(parts: DashboardParts): Markup {
  const { count, newest } = liveTokens(parts.instance, MAX_SHOWN);
  if (count === 0) return html`<p class="quiet">None yet. They appear as a client signs in.</p>`;
  const clientName = clientNames(knownClients(parts.instance));
  return html`${table(
    "Live tokens",
    HEADINGS,
    newest.map((token) => [
      html`${token.kind} <code>${token.format} ${fingerprint(token)}</code>`,
      whom(parts, token),
      token.client === undefined ? "–" : short(clientName(token.client)),
      codes(token.scopes),
      codes(token.audience),
      expiry(token, parts.instance.clock.now()),
      actionForm(
        parts,
        "revoke",
        { token: token.id },
        html`<button type="submit" class="danger" aria-label="Revoke ${fingerprint(token)}">Revoke</button>`,
      ),
    ]),
  )}
${rest(count, "tokens")}`;
}

/** The last time that a `Date` can be, in milliseconds. */
const LAST_DATE = 8.64e15;

/** Enough of the id to find it in a log. */
function fingerprint({ id }: LiveToken): string {
  return `${id.slice(0, 11)}…`;
}

function whom({ instance: { directory, machines } }: DashboardParts, token: LiveToken): string {
  const user = directory.findUser(token.subject);
  const organization = directory.findOrganization(token.organization ?? token.subject)?.name;
  if (user) return organization === undefined ? fullName(user) : `${fullName(user)} in ${organization}`;
  return organization ?? machines.byId(token.subject)?.name ?? token.subject;
}

function expiry({ expiresAt }: LiveToken, now: number): Markup | string {
  if (expiresAt === undefined || expiresAt > LAST_DATE) return "never";
  const time = new Date(expiresAt).toISOString();
  return html`<time datetime="${time}" title="${time}">${untilTime(expiresAt, now)}</time>`;
}
