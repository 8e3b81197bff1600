/** What a person sees when a request of theirs cannot go on. */
import { html } from "./html.js";
import { layout } from "./layout.js";

export function errorPage(page: { title: string; text: string }): string {
  return layout(
    "This request cannot go on",
    html`<h1>This request cannot go on</h1>
<p class="lead">${page.text}</p>
<p class="lead"><code>${page.title}</code></p>`,
  );
}
