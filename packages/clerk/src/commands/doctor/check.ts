/** A check, its findings, and the data that checks share. */
import type { JWK } from "jose";
import type { Settings } from "../../options/settings.js";
import type { Environment } from "../../runtime/platform.js";
import type { Answer, Ask } from "./ask.js";
import type { RedirectListener } from "./browser.js";
import type { Challenge } from "./wire.js";

/** The result of a check. `detail` and `fix` never contain a secret, a token or an email address. */
export type Finding<Can extends Trouble = Trouble> =
  | { readonly status: "ok"; readonly detail: string }
  | Extract<
      | { readonly status: "warn"; readonly detail: string; readonly fix: string }
      | { readonly status: "fail"; readonly detail: string; readonly fix: string }
      | { readonly status: "skipped"; readonly detail: string },
      { readonly status: Can }
    >;

/** Every status except `ok`. */
export type Trouble = "warn" | "fail" | "skipped";
export type Status = "ok" | Trouble;

/** The check passed. */
export const ok = (detail: string) => ({ status: "ok", detail }) as const;
/** It works, but with a disadvantage. */
export const warn = (detail: string, fix: string) => ({ status: "warn", detail, fix }) as const;
/** Clients cannot continue. `fix` is the click or the change that repairs it. */
export const fail = (detail: string, fix: string) => ({ status: "fail", detail, fix }) as const;
/** The check does not apply, or lacks something it needs. */
export const skipped = (detail: string) => ({ status: "skipped", detail }) as const;

export interface Check<Can extends Trouble = Trouble> {
  /** Stable; for programs and for the documentation. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** Ids of earlier checks. If one of them did not succeed, this check adds nothing and is skipped. */
  readonly needs: readonly string[];
  /** The possible statuses, apart from `ok` and a skip because of `needs`. */
  readonly can: readonly Can[];
  run(context: Context): Finding<Can> | Promise<Finding<Can>>;
}

/** Declares a check. The type compares `can` with what `run` returns. */
export function check<const Can extends Trouble>(definition: Check<Can>): Check {
  return definition as unknown as Check;
}

/** The input of every check. */
export interface Context {
  readonly environment: Environment;
  /** The MCP endpoint as clients write it. */
  readonly url: string;
  /** Whether the person gave `url`; otherwise it comes from the environment. */
  readonly isUrlGiven: boolean;
  /** Whether a person will sign in. */
  readonly signsIn: boolean;
  /** The client to sign in as: its id, or the URL of its metadata document. Default: a new one. */
  readonly clientId: string | undefined;
  /** How long a person may take to sign in, in milliseconds. */
  readonly signInWaitMs: number;
  readonly ask: Ask;
  /** Prints a message during a check, unredacted: it must not contain a secret. */
  readonly tell: (message: string) => void;
  /** Marks a value as secret: it is redacted wherever it would be printed. */
  readonly keepSecret: (value: string) => void;
  readonly known: Known;
}

/** Results of earlier checks. A check reads only results of the checks in its `needs`. */
export interface Known {
  settings?: Settings;
  /** Whether the local Clerk, which the server is set up for, does not run or has faults. */
  isStandInAway?: boolean;
  /** Signing keys at `CLERK_DOMAIN`. */
  domainKeys?: readonly JWK[];
  /** Signing keys of the instance that the secret key belongs to. */
  secretKeyKeys?: readonly JWK[];
  /** Absent if Clerk does not tell them; no check needs them. */
  oauthSettings?: OAuthSettings;
  /** The server's answer to a request without a token. */
  unauthenticated?: Answer;
  challenge?: Challenge;
  resourceMetadata?: ResourceMetadata;
  /** Where the server sends clients to sign in. */
  issuer?: string;
  authorizationServer?: AuthorizationServer;
  client?: SignInClient;
  /** The authorization response. */
  authorization?: Authorization;
  token?: ReceivedToken;
  tools?: readonly ListedTool[];
}

/** Protected resource metadata (RFC 9728 section 2): the members that a client reads, unchecked. */
export interface ResourceMetadata {
  readonly resource?: unknown;
  readonly authorization_servers?: unknown;
  readonly scopes_supported?: unknown;
}

/** Clerk's own metadata (RFC 8414), with the answer that contained it. */
export interface AuthorizationServer {
  readonly metadata: AuthorizationServerMetadata;
  readonly answer: Answer;
}

export interface AuthorizationServerMetadata {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly issuer?: unknown;
  readonly jwks_uri?: unknown;
  readonly registration_endpoint?: unknown;
  readonly client_id_metadata_document_supported?: unknown;
  readonly code_challenge_methods_supported?: unknown;
  readonly token_endpoint_auth_methods_supported?: unknown;
  readonly scopes_supported?: unknown;
  readonly authorization_response_iss_parameter_supported?: unknown;
}

/** The instance's settings for OAuth. A member is absent if Clerk's answer lacks it. */
export interface OAuthSettings {
  readonly issuesJwts?: boolean;
  readonly includesAudience?: boolean;
  readonly defaultScopes?: readonly string[];
  /** Whether a client with a metadata document needs an administrator's permission. */
  readonly takesOnlyPreRegistered?: boolean;
  readonly blocksImplicitlyAllowed?: boolean;
}

/** The client that signs in, and the listener for its redirects. */
export interface SignInClient {
  readonly clientId: string;
  readonly listener: RedirectListener;
}

/** An authorization code, with the values that its exchange requires. */
export interface Authorization {
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectURI: string;
}

export interface ReceivedToken {
  readonly value: string;
  /** When it was received, by the clock of this machine. */
  readonly receivedAt: number;
  /** Header and payload of a JWT, unverified; `undefined`: the token is opaque. */
  readonly jwt: DecodedToken | undefined;
}

export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface ListedTool {
  readonly name: string;
  readonly isReadOnly: boolean;
  readonly needsArguments: boolean;
}
