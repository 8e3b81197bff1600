/** The headers of every page. They forbid external content, framing and caching. */
import { createHash } from "node:crypto";
import { styles } from "./styles.js";

const styleSource = sourceOf(styles);

/**
 * @param formTarget where a form's redirect may end, apart from the local Clerk itself. Chromium applies `form-action` to
 * the whole chain of redirects after a form, so the client's redirect URI must be allowed.
 * @param script the page's script. It may connect to the local Clerk.
 */
export function pageHeaders(formTarget?: string, script?: string): Record<string, string> {
  return {
    "content-security-policy": [
      "default-src 'none'",
      `style-src ${styleSource}`,
      ...(script === undefined ? [] : [`script-src ${sourceOf(script)}`, "connect-src 'self'"]),
      "img-src 'self'",
      `form-action 'self'${formTarget ? ` ${formTarget}` : ""}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join("; "),
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    // With "no-referrer", browsers send "null" as the origin of the page's own forms.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  };
}

/** The CSP source for a redirect URI: its origin, or its scheme if CSP cannot express the origin. */
export function formTargetOf(redirectUri: string): string | undefined {
  if (!URL.canParse(redirectUri)) return undefined;
  const url = new URL(redirectUri);
  // A CSP source cannot name an IPv6 address.
  const hasOrigin = ["http:", "https:"].includes(url.protocol) && !url.hostname.startsWith("[");
  return hasOrigin ? url.origin : url.protocol;
}

/** The CSP source for an inline style or script. */
function sourceOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
