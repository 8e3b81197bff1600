/** The page at the stand-in's address. It shows that the stand-in runs and links to its documents. */
import { type Handler, send } from "../http/exchange.js";
import { pageHeaders } from "./headers.js";
import { html } from "./html.js";
import { layout } from "./layout.js";

const PLACES = [
  ["Authorization server metadata", "/.well-known/oauth-authorization-server"],
  ["OpenID configuration", "/.well-known/openid-configuration"],
  ["Public keys", "/.well-known/jwks.json"],
] as const;

export function homeHandler(issuer: string): Handler {
  return (exchange) => {
    if (exchange.path !== "/" || !["GET", "HEAD"].includes(exchange.method)) return false;
    return send(exchange, 200, homePage(issuer), pageHeaders());
  };
}

function homePage(issuer: string): string {
  return layout(
    "clerk-local is running",
    html`<h1>clerk-local is running</h1>
<p class="lead">Connect an MCP client to your own server: it sends you here to sign in.</p>
<h2>Issuer</h2>
<p><code>${issuer}</code></p>
<h2>Documents</h2>
<ul class="scopes">
${PLACES.map(
  ([name, path]) => html`<li><a href="${path}">${name}</a><code>${path}</code></li>
`,
)}</ul>`,
  );
}
