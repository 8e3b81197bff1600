/** A case is plain data: the requests to send, the expected response, and the section of the specification. */
import type { Json, TokenRecipe } from "./tokens/recipe.js";

export interface Case {
  /** `group.name`, unique. The group is the name of the file that contains the case. */
  readonly id: string;
  /** The requirement that the case checks. */
  readonly title: string;
  /** The section that states it, e.g. `RFC 6750 §2.1`. */
  readonly spec: string;
  readonly level: Level;
  /** Requirements on the target or the token source. If one is not met, the case is not run. */
  readonly needs?: readonly Need[];
  readonly send: Request | readonly Step[];
  /** Checked against the last response. */
  readonly expect: Expect;
}

export type Level =
  /** As in RFC 2119. */
  | "must"
  /** As in RFC 2119. One that is not met is a warning, unless the run is strict. */
  | "should"
  /**
   * The specifications allow every response. Only a crash, a 5xx or no response fails the case, so it says nothing about
   * protection and is counted apart.
   */
  | "robustness";

export type Need =
  /** A separate target and authority, started for this case only. */
  | "fresh"
  /** The suite's own authorization server, which counts requests. */
  | "authority"
  /** Opaque access tokens, which the target verifies at the authority. */
  | "opaque"
  /** Scopes that every call to the target requires. */
  | "required-scopes"
  /** A target on loopback. */
  | "loopback"
  /** A server card, which the target publishes. */
  | "card"
  /** An AI Catalog, which the target publishes. */
  | "catalog"
  /** A tool that no caller may use. */
  | "closed-tool"
  /** A tool that runs without a token. */
  | "public-tool"
  /** A target that answers lists without a token. */
  | "open-lists"
  /** A target that answers lists without a token, and lets nobody connect without one. */
  | "closed-connecting"
  /** A target that lets clients connect without a token. */
  | "open-connecting"
  /** The output of the target, which the suite sees if it started the target with a command. */
  | "output"
  /** The tokens of Clerk's profile. */
  | "clerk"
  /** The tokens of RFC 9068's profile. */
  | "rfc9068";

/**
 * An HTTP/1.1 request, written to the socket unchanged. Texts may contain placeholders: `{path}`, `{origin}`, `{host}`,
 * `{resource}`, `{issuer}`, `{metadata}`, `{card}`, `{closed-tool}`, `{token}` and the others in `run/placeholders.ts`.
 */
export interface Request {
  /** Default: `POST`. */
  readonly method?: string;
  /** Request target. Default: `{path}`. */
  readonly target?: string;
  /** Default: `HTTP/1.1`. */
  readonly version?: string;
  /** `Host`; `null`: none. Default: `{host}`. */
  readonly host?: string | null;
  /** The token that replaces `{token}`. Default: a valid one. */
  readonly token?: TokenRecipe;
  /** `Authorization`; `null`: none. Default: `Bearer {token}`. */
  readonly authorization?: string | null;
  /** Further header fields, in order. Duplicates are kept. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** JSON body; `null`: none. Default: an MCP `initialize` request. */
  readonly body?: Json;
  /** Body as text, instead of `body`. */
  readonly text?: string;
  /** How the body is written as bytes. Header fields do not follow it. Default: UTF-8. */
  readonly encoding?: BodyEncoding;
  /** Whether the body is chunked (RFC 9112 §7.1). It then has no `Content-Length`. Default: false. */
  readonly chunked?: boolean;
  /** Trailer fields. The body is then chunked. */
  readonly trailers?: readonly (readonly [name: string, value: string])[];
}

export type BodyEncoding = "utf-8" | "utf-16le" | "latin-1" | "gzip";

/** One step of a sequence. */
export type Step = RequestStep | FloodStep | AuthorityStep;

export interface RequestStep {
  readonly request: Request;
  /** Checked before the next step. */
  readonly expect?: Expect;
  /** Whether the request uses the connection of the previous step. Default: false. */
  readonly sameConnection?: boolean;
  /**
   * Whether the request belongs to an MCP session, which is opened with a valid token. If the target does not open it, the
   * case fails: a server that refuses everybody keeps no promise. Default: false.
   */
  readonly inSession?: boolean;
  /**
   * How long to repeat the request until it is accepted, as a server may take a moment to notice a change. Default: 0.
   */
  readonly retryForMs?: number;
}

/** The same request many times; each response is checked. In texts and in the recipe, `{n}` is the request's number. */
export interface FloodStep {
  readonly flood: Request;
  readonly times: number;
  readonly parallel: number;
  readonly expect?: Expect;
}

/** A change at the suite's own authorization server. */
export interface AuthorityStep {
  readonly authority: { readonly fault: FaultName } | { readonly rotate: "keep-old-key" | "drop-old-key" };
}

export type FaultName =
  | "none"
  | "reset"
  | "hang"
  | "error-500"
  | "error-429"
  | "html"
  | "truncated-json"
  | "no-keys";

export type Outcome =
  /** Served: 2xx with a JSON-RPC result. */
  | "accepted"
  /** Not served: no result, no stream, no 202. A 500 does not count: it is a defect. */
  | "denied"
  /** Answered, but nothing ran: a status below 500, and no JSON-RPC result other than a tool's error. */
  | "refused"
  /** Served or not: the specifications allow both, but not a defect or an outage. */
  | "handled"
  /** Refused as an outage: 5xx with neither a result nor a challenge. */
  | "outage";

/** The expected response. Every member that is given must match. */
export interface Expect {
  readonly outcome?: Outcome;
  readonly status?: number | readonly number[];
  /** The step, counted from 1, whose response has the same status. */
  readonly sameStatusAs?: number;
  /** The `WWW-Authenticate` field. `"none"`: the field must be absent. */
  readonly challenge?: "none" | ChallengeExpect;
  /** By field name, in lower case. */
  readonly headers?: Readonly<Record<string, Match>>;
  /** By path in the JSON body, e.g. `authorization_servers.0`. */
  readonly json?: Readonly<Record<string, Match>>;
  /**
   * By path in the JSON-RPC response, from JSON or an event stream, e.g. `result.tools.*.name`. `*` stands for every member
   * of a list. Where the name of a member has dots, the longest name counts.
   */
  readonly message?: Readonly<Record<string, Match>>;
  readonly withinMs?: number;
  /** The response must not contain parts of the token, these texts, a stack trace or a file path. */
  readonly leaks?: { readonly none: readonly string[] };
  /** What the output of the target must not have had so far. */
  readonly output?: OutputExpect;
  /** Limits on the requests to the authority, by path, since the target's start. */
  readonly authorityRequests?: Readonly<Record<string, { readonly atMost: number }>>;
  /** At least one of these must also match. */
  readonly anyOf?: readonly Expect[];
}

export interface OutputExpect {
  /** The beginning of a line. */
  readonly noLine?: string;
  /** A text anywhere. */
  readonly noText?: string;
}

export interface ChallengeExpect {
  /** Scheme of the first challenge. */
  readonly first?: string;
  /** Number of Bearer challenges. */
  readonly bearerCount?: number;
  /** Parameters of the first Bearer challenge. */
  readonly parameters?: Readonly<Record<string, Match>>;
}

/** A condition on a text or JSON value. */
export type Match =
  | { readonly equals: Json }
  | { readonly oneOf: readonly Json[] }
  /** A case-insensitive regular expression that must match somewhere in the value. */
  | { readonly matches: string }
  | { readonly matchesNot: string }
  /** A member of a list, or a word in a text separated by blanks or commas. */
  | { readonly has: string }
  | { readonly hasNot: string }
  | { readonly present: boolean };
