/** What a check is, what it can find, and what checks know of each other. */
import type { JWK } from "jose";
import type { Settings } from "../../options/settings.js";
import type { Environment } from "../../runtime/platform.js";
import type { Answer, Ask } from "./ask.js";
import type { RedirectListener } from "./browser.js";
import type { Challenge } from "./wire.js";

/** What came of a check. `detail` and `fix` never hold a secret, a token or an email address. */
export type Finding<Can extends Trouble = Trouble> =
  | { readonly status: "ok"; readonly detail: string }
  | Extract<
      | { readonly status: "warn"; readonly detail: string; readonly fix: string }
      | { readonly status: "fail"; readonly detail: string; readonly fix: string }
      | { readonly status: "skipped"; readonly detail: string },
      { readonly status: Can }
    >;

/** Everything but green. */
export type Trouble = "warn" | "fail" | "skipped";
export type Status = "ok" | Trouble;

/** All is as it should be. */
export const ok = (detail: string) => ({ status: "ok", detail }) as const;
/** It works, but not as well as it could. */
export const warn = (detail: string, fix: string) => ({ status: "warn", detail, fix }) as const;
/** Clients cannot get on. `fix` is the click or the change that mends it. */
export const fail = (detail: string, fix: string) => ({ status: "fail", detail, fix }) as const;
/** There is nothing to judge, or not without something else. */
export const skipped = (detail: string) => ({ status: "skipped", detail }) as const;

export interface Check<Can extends Trouble = Trouble> {
  /** Stable; for programs and for the documentation. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** Earlier checks, by id, without whose success this one would tell nothing new: it is then skipped. */
  readonly needs: readonly string[];
  /** What it can come to besides `ok` and a skip because of `needs`. */
  readonly can: readonly Can[];
  run(context: Context): Finding<Can> | Promise<Finding<Can>>;
}

/** Declares a check: what it can come to is held against what `run` returns. */
export function check<const Can extends Trouble>(definition: Check<Can>): Check {
  return definition as unknown as Check;
}

/** What every check is given. */
export interface Context {
  readonly environment: Environment;
  /** The MCP endpoint as clients are told to write it. */
  readonly url: string;
  /** Whether `url` was named by the person, rather than taken from the environment. */
  readonly isUrlGiven: boolean;
  /** Whether a person is there to sign in. */
  readonly signsIn: boolean;
  /** How long a person may take to sign in, in milliseconds. */
  readonly signInWaitMs: number;
  readonly ask: Ask;
  /** Tells the person something while a check runs, word for word: it must not hold a secret. */
  readonly tell: (message: string) => void;
  /** Marks a value as one that must not be printed, whatever it gets into. */
  readonly keepSecret: (value: string) => void;
  readonly known: Known;
}

/** What earlier checks have found out. A check reads only what the checks it `needs` have written. */
export interface Known {
  settings?: Settings;
  /** Signing keys at `CLERK_DOMAIN`. */
  domainKeys?: readonly JWK[];
  /** Signing keys of the instance that the secret key belongs to. */
  secretKeyKeys?: readonly JWK[];
  /** The server's answer to a request without a token. */
  unauthenticated?: Answer;
  challenge?: Challenge;
  resourceMetadata?: ResourceMetadata;
  /** Where the server sends clients to sign in. */
  issuer?: string;
  authorizationServer?: AuthorizationServer;
  registered?: RegisteredClient;
  /** What came back to the client from the browser. */
  authorization?: Authorization;
  token?: ReceivedToken;
  tools?: readonly ListedTool[];
}

/** Protected resource metadata (RFC 9728 section 2): what a client reads of it, as it was sent. */
export interface ResourceMetadata {
  readonly resource?: unknown;
  readonly authorization_servers?: unknown;
  readonly scopes_supported?: unknown;
}

/** Clerk's own metadata (RFC 8414), and the answer it came in. */
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
  readonly scopes_supported?: unknown;
  readonly authorization_response_iss_parameter_supported?: unknown;
}

/** A client that Clerk knows now, and where its answers come back to. */
export interface RegisteredClient {
  readonly clientId: string;
  readonly listener: RedirectListener;
}

/** An authorization code, with what is needed to trade it for a token. */
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
