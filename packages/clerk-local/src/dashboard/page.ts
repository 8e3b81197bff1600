/** The page as a whole. */
import { html, raw } from "hono/html";
import { fullPage, type Markup } from "../pages/layout.js";
import type { SectionId } from "./actions.js";
import type { DashboardParts } from "./parts.js";
import { MAX_REQUESTS, requestRows, requestTable } from "./request-rows.js";
import { script } from "./script.js";
import { type Section, sectionsOf } from "./sections.js";

/** The outcome of a pressed button. */
export interface Outcome {
  section: SectionId;
  text: string;
  isError: boolean;
}

const DOCUMENTS = [
  ["Authorization server metadata", "/.well-known/oauth-authorization-server"],
  ["OpenID configuration", "/.well-known/openid-configuration"],
  ["Public keys", "/.well-known/jwks.json"],
] as const;

export async function dashboardPage(parts: DashboardParts, outcome: Outcome | undefined): Promise<string> {
  const sections = await sectionsOf(parts);
  const [switches, ...others] = sections.map((section) => sectionMarkup(section, outcome));
  const body = html`<body class="dashboard">
<header>
<h1>clerk-local</h1>
<p class="quiet">Local Clerk at <code>${parts.instance.issuer}</code> – development only</p>
<p class="live" role="status" id="live-state">Reload to update.</p>
<nav aria-label="Parts of this page">
${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a> `)}<a href="#requests">Requests</a>
</nav>
</header>
<main>
<div class="columns">
${switches}
<section id="requests" aria-labelledby="requests-title">
<h2 id="requests-title">Requests</h2>
<p class="quiet">The newest ${MAX_REQUESTS}, without those of this page.</p>
${requestTable(requestRows(parts.log.newest(MAX_REQUESTS)))}
</section>
</div>
${others}
</main>
<footer>
${DOCUMENTS.map(([name, path]) => html`<a href="${path}">${name}</a> `)}
</footer>
</body>`;
  return fullPage({ title: "clerk-local", body, script });
}

function sectionMarkup({ id, title, html: content, version }: Section, outcome: Outcome | undefined): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${outcome?.section === id && outcomeMarkup(outcome)}
<div data-part="${id}" data-version="${version}">${raw(content)}</div>
</section>
`;
}

/** The redirect after a form leads here, so that the keyboard and a screen reader continue from it. */
function outcomeMarkup({ text, isError }: Outcome): Markup {
  return html`<p id="done" tabindex="-1" class="${isError ? "outcome failed" : "outcome"}">${text}</p>`;
}
