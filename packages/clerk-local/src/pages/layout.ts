/** The frame of every page. */
import { Html, html } from "./html.js";
import { styles } from "./styles.js";

const style = new Html(`<style>${styles}</style>`);

export function layout(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/images/clerk-local.svg">
${style}
</head>
<body>
<main>
<div class="card">
${content}
</div>
<p class="note">Local stand-in for Clerk – development only</p>
</main>
</body>
</html>
`.text;
}
