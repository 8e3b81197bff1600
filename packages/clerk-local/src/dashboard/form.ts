/** Forms and tables of the page. */
import { html } from "hono/html";
import type { Markup } from "../pages/layout.js";
import type { DashboardParts } from "./parts.js";

/** Most entries that a list shows. */
export const MAX_SHOWN = 50;

/** Most characters of a text. */
const MAX_TEXT = 160;

/**
 * A form that runs an action.
 *
 * @param fields fixed fields, by name
 * @param controls what the person fills in and presses
 */
export function actionForm(
  { formKey }: DashboardParts,
  action: string,
  fields: Readonly<Record<string, string>>,
  controls: Markup,
): Markup {
  const hidden = Object.entries({ key: formKey, ...fields });
  return html`<form method="post" action="/dashboard/${action}">
${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${controls}
</form>`;
}

/** A select without a visible label. */
export function select(
  name: string,
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  selected?: string,
): Markup {
  return html`<select name="${name}" aria-label="${label}" autocomplete="off">${options.map(
    ([value, text]) =>
      html`<option value="${value}"${value === selected && html` selected`}>${text}</option>`,
  )}</select>`;
}

/**
 * A table that becomes a list of cards on a small screen. The roles keep it a table for a screen reader there.
 *
 * @param rows each with one cell for each heading
 */
export function table(
  label: string,
  headings: readonly string[],
  rows: readonly (readonly (Markup | string)[])[],
): Markup {
  return html`<table role="table" aria-label="${label}">
<thead role="rowgroup"><tr role="row">${headings.map((heading) => html`<th role="columnheader" scope="col">${heading}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map(
    (cells) =>
      html`<tr role="row">${cells.map((cell, index) => html`<td role="cell" data-label="${headings[index]}"><div>${cell}</div></td>`)}</tr>
`,
  )}</tbody>
</table>`;
}

/** The beginning of a text that a client has chosen. */
export function short(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** Words, each as code; a dash if there are none. */
export function codes(words: readonly string[], shown = 12): Markup | string {
  if (words.length === 0) return "–";
  return html`${words.slice(0, shown).map((word) => html`<code>${short(word)}</code> `)}${
    words.length > shown && html`<span class="quiet">and ${words.length - shown} more</span>`
  }`;
}

/** The line below a list that shows only some of its entries. */
export function rest(total: number, what: string, shown = MAX_SHOWN): Markup | false {
  return total > shown && html`<p class="quiet">and ${(total - shown).toLocaleString("en")} more ${what}</p>`;
}
