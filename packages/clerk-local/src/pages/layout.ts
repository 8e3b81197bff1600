/** The layout of every page. */
import { html, raw } from "hono/html";
import type { LocalUser } from "../directory/directory.js";
import { styles } from "./styles.js";

/** Escaped HTML. A promise only if a promise is inserted somewhere in it. */
export type Markup = ReturnType<typeof html>;

/** A page that fills the window. @param script runs at the end of the page; `pageHeaders` must allow it */
export async function fullPage(page: { title: string; body: Markup; script?: string }): Promise<string> {
  const document = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<link rel="icon" href="/images/clerk-local.svg">
<style>${raw(styles)}</style>
</head>
${page.body}
${page.script !== undefined && html`<script>${raw(page.script)}</script>`}
</html>
`;
  return document.toString();
}

/** A page with one card in the middle. */
export function layout(title: string, content: Markup): Promise<string> {
  const body = html`<body class="one-card">
<main>
<div class="card">
${content}
</div>
<p class="note">Local Clerk – development only</p>
</main>
</body>`;
  return fullPage({ title, body });
}

/** The page for a request that the local Clerk refuses. */
export function errorPage(page: { title: string; text: string }): Promise<string> {
  return layout(
    "This request cannot continue",
    html`<h1>This request cannot continue</h1>
<p class="lead">${page.text}</p>
<p class="lead"><code>${page.title}</code></p>`,
  );
}

export function fullName(user: LocalUser): string {
  return [user.firstName, user.lastName].filter(Boolean).join(" ") || user.username;
}

/** A user: picture, name and email. */
export function person(user: LocalUser): Markup {
  return html`<img src="/images/${user.id}.svg" alt="" width="36" height="36">
<span><span class="name">${fullName(user)}${user.banned && html` <span class="tag">banned</span>`}</span>
<span class="email">${user.email}</span></span>`;
}
