import type { Settings } from "../../options/settings.js";
import type { AuthRequest, PlainResponse } from "../../request/request.js";
import { homePage } from "./page.js";
import { SCRIPT } from "./script.js";
import { STYLE } from "./style.js";

/** How an application presents itself on its home page. */
export interface Template {
  /** Default: `MCP server`. */
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** HTML of the application's own page, served instead of the plugin's. */
  readonly homePage?: string | undefined;
}

/** Where the page always is. `/` may belong to the application around the server. */
const HOME_PAGE_PATH = "/index.html";

/**
 * Answers with the home page, which is public and the same for every caller; `undefined` for every other request.
 *
 * @param isRoot whether the page is at `/` too, where the application's own page takes precedence.
 */
export function homePageDocument(
  settings: Settings,
  template: Template = {},
  isRoot: boolean = false,
): (request: AuthRequest) => Promise<PlainResponse> | undefined {
  const { homePage: own } = template;
  const paths = new Set([HOME_PAGE_PATH, ...(isRoot ? ["/"] : [])]);
  if (settings.publicPaths.has(HOME_PAGE_PATH) || own !== undefined) paths.delete(HOME_PAGE_PATH);
  let answer: Promise<PlainResponse> | undefined;
  return ({ method, path }) => {
    if (!paths.has(path) || (method !== "GET" && method !== "HEAD")) return undefined;
    answer ??= own === undefined ? made(settings, template) : Promise.resolve(ownPage(own));
    return answer;
  };
}

function ownPage(html: string): PlainResponse {
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: html };
}

async function made(
  { resource, issuer, scopes, isLoopback, docsURL }: Settings,
  { name = "MCP server", description = "An MCP server that people sign in to with Clerk." }: Template,
): Promise<PlainResponse> {
  const policy = [
    "default-src 'none'",
    `style-src ${await hash(STYLE)}`,
    `script-src ${await hash(SCRIPT)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy.join("; "),
      "cache-control": "no-cache",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
    body: homePage({ name, description, resource, issuer, scopes, isLoopback, docsURL }),
  };
}

/** A hash source of a Content-Security-Policy (CSP Level 3 section 2.3.1). */
async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
}
