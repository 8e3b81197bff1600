/** The layout of every page. */
import type { LocalUser } from "../directory/directory.js";
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

/** The page for a request that the stand-in refuses. */
export function errorPage(page: { title: string; text: string }): string {
  return layout(
    "This request cannot go on",
    html`<h1>This request cannot go on</h1>
<p class="lead">${page.text}</p>
<p class="lead"><code>${page.title}</code></p>`,
  );
}

export function fullName(user: LocalUser): string {
  return [user.firstName, user.lastName].filter(Boolean).join(" ") || user.username;
}

/** A user: picture, name and email. */
export function person(user: LocalUser): Html {
  return html`<img src="/images/${user.id}.svg" alt="" width="36" height="36">
<span><span class="name">${fullName(user)}${user.banned && html`<span class="tag">banned</span>`}</span>
<span class="email">${user.email}</span></span>`;
}
