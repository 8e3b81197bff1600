import { type ClientSetup, commonClients, moreClients } from "./clients.js";
import { Html, html } from "./html.js";
import { SCRIPT } from "./script.js";
import { STYLE } from "./style.js";

/** The content of the page: no secrets, and the same for every visitor. */
export interface HomePageFacts {
  readonly name: string;
  readonly description: string;
  /** The MCP URL. */
  readonly resource: string;
  /** Where people sign in. */
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly isLoopback: boolean;
  readonly docsURL: string | undefined;
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%235a45dd'/%3E%3Cpath d='M5 8h6M8 5v6' stroke='%23fff' stroke-width='2' stroke-linecap='round'/%3E%3C/svg%3E";

/**
 * The server's home page: a description of the server and instructions for connecting to it. Works without JavaScript.
 */
export function homePage(facts: HomePageFacts): string {
  const { name, description, resource, issuer, scopes, isLoopback, docsURL } = facts;
  const address = { id: idOf(name), url: resource, isLoopback };
  const more = moreClients(address);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
<link rel="icon" href="${ICON}">
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<h1>${name}</h1>
<p class="lead">${description}</p>
${pasted("the address", resource)}
<div class="state">
<strong>You sign in from your client, not here</strong>
<p>When a client needs you to sign in, it opens the sign-in page of <code>${new URL(issuer).host}</code>. The page lists
what the client requests, such as ${listed(scopes)}, and you allow or deny it.</p>
</div>
<h2>Connect a client</h2>
<ul>
${commonClients(address).map(setup)}</ul>
<details>
<summary>More clients: ${more.map(({ client }) => client).join(", ")}</summary>
<ul>
${more.map(setup)}</ul>
</details>
<footer>
<p>This is an <a href="https://modelcontextprotocol.io">MCP</a> server: it has tools for AI assistants.
${docsURL === undefined ? "" : html`Read the <a href="${docsURL}">documentation</a>.`}</p>
</footer>
<p role="status"></p>
</main>
<script>${new Html(SCRIPT)}</script>
</body>
</html>
`.text;
}

function setup({ client, link, before, paste, after }: ClientSetup): Html {
  return html`<li>
<h3>${client}</h3>
${link === undefined ? "" : html`<p><a class="add" href="${link.href}">${link.text}</a></p>`}
<p>${before}</p>
${pasted(`for ${client}`, paste)}
${after === undefined ? "" : html`<p>${after}</p>`}
</li>
`;
}

function pasted(what: string, text: string): Html {
  return html`<div class="paste" data-what="${what}"><pre><code>${text}</code></pre></div>`;
}

function listed(scopes: readonly string[]): Html {
  return html`${scopes.map((scope, index) => html`${index === 0 ? "" : ", "}<code>${scope}</code>`)}`;
}

/** The server's name in clients: letters, digits and hyphens. */
function idOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "mcp-server"
  );
}
