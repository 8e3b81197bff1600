/** The requests, newest first: method, path, status and duration. */
import { html } from "hono/html";
import type { LogEntry } from "../control/request-log.js";
import type { Markup } from "../pages/layout.js";
import { short } from "./form.js";

/** Most requests on the page. */
export const MAX_REQUESTS = 200;

export function requestRow({ number, request: { method, path, status, ms } }: LogEntry): Markup {
  // 0: not answered yet, or never.
  const answered = status === 0 ? ["…", "…"] : [String(status), `${ms} ms`];
  return html`<tr id="request-${number}" class="answered-${String(status)[0]}">
<td>${method}</td><td><code>${short(path)}</code></td><td>${answered[0]}</td><td>${answered[1]}</td>
</tr>`;
}

/** @param entries oldest first */
export function requestRows(entries: readonly LogEntry[]): Markup {
  return html`${entries.map(requestRow).reverse()}`;
}

/** @param rows as of `requestRows` */
export function requestTable(rows: Markup): Markup {
  return html`<div class="scrolled" role="group" aria-label="Newest requests" tabindex="0">
<table class="requests">
<thead><tr><th scope="col">Method</th><th scope="col">Path</th><th scope="col">Status</th><th scope="col">Time</th></tr></thead>
<tbody id="request-rows">${rows}</tbody>
</table>
</div>`;
}
