import { asText, type PageToOpen } from "../mcp/url-elicitation.js";

const BRAND = Symbol.for("@xmcp-dev/clerk/connection-required");

/** Names that are not written like their id. */
const NAMES: Readonly<Record<string, string>> = {
  github: "GitHub",
  gitlab: "GitLab",
  hubspot: "HubSpot",
  linkedin: "LinkedIn",
  linkedin_oidc: "LinkedIn",
  tiktok: "TikTok",
  x: "X",
};

/** The name of a provider for people, e.g. `Google` for `google`, `Acme` for `custom_acme`. */
export function providerName(provider: string): string {
  const id = provider.replace(/^custom_/, "");
  const known = Object.hasOwn(NAMES, id) ? NAMES[id] : undefined;
  return known ?? `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}

/** An account that the user has to connect. */
export interface MissingConnection {
  /** e.g. `google` */
  readonly provider: string;
  /**
   * `not_connected`: the user has no account of this provider at Clerk. `scope_missing`: none has all scopes. `expired`: its
   * token has expired and cannot be refreshed.
   */
  readonly reason: "not_connected" | "scope_missing" | "expired";
  /** The scopes that the user must allow. Empty unless some are missing. */
  readonly scopes: readonly string[];
}

/** The page where the user connects the account, and the reason. */
export function pageFor({ provider, reason, scopes }: MissingConnection, url: string): PageToOpen {
  const name = providerName(provider);
  const message =
    reason === "not_connected"
      ? `Connect your ${name} account.`
      : `Connect your ${name} account again${scopes.length > 0 ? `, and allow ${scopes.join(", ")}` : ""}.`;
  return { name: `connect_${provider}`, url, message };
}

/**
 * The user has not connected an account that the tool needs, or has not allowed enough. A tool need not catch it: a client
 * that can open pages offers to (MCP, elicitation in URL mode), and any other shows the message with the link.
 */
export class ConnectionRequired extends Error {
  override readonly name = "ConnectionRequired";
  readonly provider: string;
  readonly reason: MissingConnection["reason"];
  readonly scopes: readonly string[];
  /** The page at Clerk where the user connects the account. */
  readonly url: string;

  constructor(missing: MissingConnection, url: string) {
    super(asText(pageFor(missing, url)));
    this.provider = missing.provider;
    this.reason = missing.reason;
    this.scopes = missing.scopes;
    this.url = url;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Also recognizes errors of another copy of this package, since a bundler may include it twice. */
export function isConnectionRequired(error: unknown): error is ConnectionRequired {
  return error instanceof Error && (error as { [BRAND]?: boolean })[BRAND] === true;
}
