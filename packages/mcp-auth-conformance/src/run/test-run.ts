/** The environment of a run: the target, the token source, and the placeholders that describe them. */
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from "../authorization-server/authorization-server.js";
import { PROFILES, type ProfileName } from "../authorization-server/profiles.js";
import { type TokenSource, VALID } from "../tokens/recipe.js";
import { type Cards, discoverCards } from "./cards.js";
import { discover } from "./discovery.js";
import { type Placeholders, placeholders } from "./placeholders.js";
import type { Target, TargetStarter } from "./target.js";
import { tokenCommand } from "./token-command.js";

/** What a target answers without a token: nothing, lists, or lists and connecting. */
export type Discovery = "signed-in" | "lists" | "everyone";

export interface TestRunOptions {
  readonly target: TargetStarter;
  readonly profile: ProfileName;
  /** Identifier of the protected resource. Default: the URL of the target. */
  readonly resource?: string | undefined;
  /** Scopes of valid tokens. Default: the profile's. */
  readonly scopes?: readonly string[] | undefined;
  /** Scopes that every call requires; valid tokens have them too. Default: none. */
  readonly requiredScopes?: readonly string[] | undefined;
  /**
   * A tool without arguments that no caller may use. Default: none, and the cases about one are not run. An error of the tool
   * itself would pass for a refusal.
   */
  readonly closedTool?: string | undefined;
  /** A page (MCP Apps) or other resource of that tool. Default: `ui://app/NAME.html`. */
  readonly closedPage?: string | undefined;
  /** A tool without arguments that runs without a token. Default: none. */
  readonly publicTool?: string | undefined;
  /** What the target answers without a token, apart from a public tool. Default: `signed-in`, nothing. */
  readonly discovery?: Discovery | undefined;
  /** Port of the authority, for a target that is already running. Default: any free port. */
  readonly authorityPort?: number | undefined;
  /** A command that makes the tokens, instead of the authority. */
  readonly tokenCommand?: string | undefined;
  /** Time limit of one request. Default: 10 s. */
  readonly timeoutMs?: number | undefined;
}

export interface TestRun {
  readonly url: URL;
  readonly tokens: TokenSource;
  readonly authority: AuthorizationServer | undefined;
  readonly placeholders: Placeholders;
  readonly cards: Cards;
  readonly timeoutMs: number;
  /** What the target has printed so far. Absent if that is not seen. */
  readonly output: (() => string) | undefined;
  close(): Promise<void>;
}

/**
 * @param findsCards whether to look for the server card and the AI Catalog, perhaps with a token. A target that nobody has called yet
 * would then know the authority's keys.
 */
export async function startTestRun(options: TestRunOptions, findsCards: boolean): Promise<TestRun> {
  const profile = PROFILES[options.profile];
  const { requiredScopes = [], timeoutMs = 10_000, closedTool, closedPage, publicTool } = options;
  const url = new URL(await options.target.url());
  const resource = options.resource ?? url.href.replace(/\/$/, "");
  const scopes = [...new Set([...(options.scopes ?? profile.scopes), ...requiredScopes])];
  const authority =
    options.tokenCommand === undefined
      ? await startAuthorizationServer({
          profile,
          resource,
          scopes,
          requiredScopes,
          ...(options.authorityPort !== undefined && { port: options.authorityPort }),
        })
      : undefined;
  let target: Target | undefined;
  const close = async (): Promise<void> => {
    await target?.stop();
    await authority?.close();
  };
  try {
    const environment = { ...authority?.environment, MCP_AUTH_REQUIRED_SCOPES: requiredScopes.join(" ") };
    target = await options.target.start({ url: url.href, environment });
    const { metadataTarget, metadata } = await discover(url, timeoutMs);
    const tokens = authority ?? tokenCommand(options.tokenCommand ?? "", { MCP_AUTH_RESOURCE: resource });
    const cards = findsCards ? await discoverCards(url, await tokens.token(VALID), timeoutMs) : {};
    const issuer = authority?.issuer ?? String([metadata.authorization_servers].flat()[0] ?? "");
    return {
      url,
      authority,
      tokens,
      cards,
      placeholders: placeholders({
        url,
        resource,
        issuer,
        metadataTarget,
        scopes: requiredScopes,
        cards,
        closedTool,
        closedPage,
        publicTool,
      }),
      timeoutMs,
      output: target.output,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
