/**
 * States that a Clerk instance can be in, by name. Each has only the options that differ from the defaults; an option that
 * is given takes precedence.
 */
export const namedProfiles = {
  /**
   * As after Clerk's newest set-up of an MCP server, but clients may register too, so that every client gets in. Where
   * reports disagree, the newest counts.
   */
  newest: {},

  /** The state after adding the first MCP server in the Dashboard: metadata documents and `aud`, no registration. */
  "mcp-server-added": { registration: false },

  /** A new Clerk application with its default settings: no metadata documents, no registration, no `aud`. */
  "fresh-instance": { registration: false, clientIdMetadata: false, resource: "ignored" },

  /**
   * As reported of running instances in 2026, before metadata documents: registration on, no `aud`, a request
   * without scopes gets `profile email`, and no redirect to `localhost` may have another port.
   */
  "captured-2026": {
    clientIdMetadata: false,
    resource: "ignored",
    scopeWhenOmitted: "default",
    localhostRedirects: "exact",
  },
} as const;

export type ProfileName = keyof typeof namedProfiles;
