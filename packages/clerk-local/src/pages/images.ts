/** Pictures of users and organizations: initials on a background color per id, generated as SVG. */
import { createHash } from "node:crypto";
import { html } from "hono/html";
import type { Directory } from "../directory/directory.js";
import { type Handler, send } from "../http/exchange.js";
import { fullName } from "./layout.js";

export function imagesHandler(directory: Directory): Handler {
  return async (exchange) => {
    const id = /^\/images\/([\w-]+)\.svg$/.exec(exchange.path)?.[1];
    if (id === undefined || !["GET", "HEAD"].includes(exchange.method)) return false;
    const user = directory.findUser(id);
    const name = user ? fullName(user) : (directory.findOrganization(id)?.name ?? "C");
    return send(exchange, 200, await picture(id, name), {
      "content-type": "image/svg+xml",
      "content-security-policy": "default-src 'none'",
      "cache-control": "public, max-age=300",
    });
  };
}

async function picture(id: string, name: string): Promise<string> {
  const hue = (createHash("sha256").update(id).digest()[0] ?? 0) * (360 / 256);
  const initials = name
    .split(/\s+/)
    .map((word) => word[0]?.toUpperCase() ?? "")
    .slice(0, 2)
    .join("");
  const svg =
    await html`<svg xmlns="http://www.w3.org/2000/svg" width="72" height="72" viewBox="0 0 72 72" role="img" aria-label="${name}">
<rect width="72" height="72" fill="hsl(${Math.round(hue)} 48% 38%)"/>
<text x="36" y="37" fill="#fff" font-family="system-ui, sans-serif" font-size="28" font-weight="600" text-anchor="middle" dominant-baseline="central">${initials}</text>
</svg>`;
  return svg.toString();
}
