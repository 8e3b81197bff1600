import type { Settings } from "../../options/settings.js";
import type { AuthRequest, PlainResponse } from "../../request/request.js";
import { homePage } from "./page.js";
import { SCRIPT } from "./script.js";
import { STYLE } from "./style.js";

/** Where the pipeline has the page. `/` itself may be an application's own: whoever serves this page there asks for this path. */
export const HOME_PAGE_PATH = "/index.html";

/**
 * Answers with the home page, which anybody may see and is the same for everybody; `undefined` for every other request, and
 * where the application has a page of its own.
 */
export function homePageDocument(
  settings: Settings,
): (request: AuthRequest) => Promise<PlainResponse> | undefined {
  const isOwn = hasOwnHomePage() || settings.publicPaths.has(HOME_PAGE_PATH);
  let answer: Promise<PlainResponse> | undefined;
  return ({ method, path }) => {
    if (isOwn || path !== HOME_PAGE_PATH || (method !== "GET" && method !== "HEAD")) return undefined;
    answer ??= made(settings);
    return answer;
  };
}

/** Whether `template.homePage` of `xmcp.config.ts` is set. */
export function hasOwnHomePage(): boolean {
  return typeof TEMPLATE_CONFIG !== "undefined" && TEMPLATE_CONFIG.homePage !== undefined;
}

async function made({ resource, issuer, scopes, isLoopback, docsURL }: Settings): Promise<PlainResponse> {
  const { name, description } = named();
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

/** `template` of `xmcp.config.ts`, which xmcp's compiler writes in. */
function named(): { readonly name: string; readonly description: string } {
  const template = typeof TEMPLATE_CONFIG === "undefined" ? undefined : TEMPLATE_CONFIG;
  return {
    name: template?.name ?? "MCP server",
    description: template?.description ?? "An MCP server that people sign in to with Clerk.",
  };
}

/** As a source of a Content-Security-Policy (CSP Level 3 section 2.3.1). */
async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
}
