/** A case is plain data: what is sent, what must come back, and which section of which specification says so. */
import type { Json, TokenRecipe } from "./tokens/recipe.js";

export interface Case {
  /** `group.name`, unique; the group is the name of the file that holds the case. */
  readonly id: string;
  /** The promise that the case checks. */
  readonly title: string;
  /** Where it is written, e.g. `RFC 6750 §2.1`. */
  readonly spec: string;
  /** RFC 2119: a `should` that is not kept is a warning, unless the run is strict. */
  readonly level: "must" | "should";
  /** What the target or the token source has to offer; without it the case is not run. */
  readonly needs?: readonly Need[];
  readonly send: Request | readonly Step[];
  /** Judged against the last answer. */
  readonly expect: Expect;
}

export type Need =
  /** A target and an authority of its own, started for this case alone. */
  | "fresh"
  /** The suite's own authorization server, whose requests can be counted. */
  | "authority"
  /** Opaque access tokens, which the target verifies by asking the authority. */
  | "opaque"
  /** Scopes that every call to the target needs. */
  | "required-scopes"
  /** A target on loopback. */
  | "loopback"
  /** The tokens of Clerk's profile. */
  | "clerk"
  /** The tokens of RFC 9068's profile. */
  | "rfc9068";

/**
 * An HTTP/1.1 request, written to the socket as it stands. Texts may hold placeholders: `{path}`, `{origin}`,
 * `{host}`, `{resource}`, `{issuer}`, `{metadata}`, `{token}` and the others of `run/placeholders.ts`.
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
  /** The token that `{token}` stands for. Default: a valid one. */
  readonly token?: TokenRecipe;
  /** `Authorization`; `null`: none. Default: `Bearer {token}`. */
  readonly authorization?: string | null;
  /** Further fields, in order, duplicates included. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** JSON body; `null`: none. Default: an MCP `initialize` request. */
  readonly body?: Json;
  /** Body as text, instead of `body`. */
  readonly text?: string;
  /** Fields after a chunked body. */
  readonly trailers?: readonly (readonly [name: string, value: string])[];
}

/** One step of a sequence. */
export type Step = RequestStep | FloodStep | AuthorityStep;

export interface RequestStep {
  readonly request: Request;
  /** Judged before the next step. */
  readonly expect?: Expect;
  /** Whether it goes over the connection of the step before. */
  readonly sameConnection?: boolean;
  /** How long to send it again while it is not accepted: a server may take a moment to notice a change. */
  readonly retryForMs?: number;
}

/** The same request many times; each answer is judged. In texts and in the recipe `{n}` is its number. */
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
  /** Not served: no result, no stream, no 202; and no 500, which would be a defect. */
  | "denied"
  /** Either of these: the specifications leave the choice, but no defect and no outage is told. */
  | "handled"
  /** Refused as an outage: 5xx with neither a result nor a challenge. */
  | "outage";

/** What must come back. All members that are given must hold. */
export interface Expect {
  readonly outcome?: Outcome;
  readonly status?: number | readonly number[];
  /** The `WWW-Authenticate` field; `none`: there is none. */
  readonly challenge?: "none" | ChallengeExpect;
  /** By field name in lower case. */
  readonly headers?: Readonly<Record<string, Match>>;
  /** By path in the JSON body, e.g. `authorization_servers.0`. */
  readonly json?: Readonly<Record<string, Match>>;
  readonly withinMs?: number;
  /** Nothing of the sent token, of these texts, of a stack or of a file path is in the answer. */
  readonly leaks?: { readonly none: readonly string[] };
  /** Requests that the authority has had, by path, in the life of the target. */
  readonly authorityRequests?: Readonly<Record<string, { readonly atMost: number }>>;
  /** At least one of these holds as well. */
  readonly anyOf?: readonly Expect[];
}

export interface ChallengeExpect {
  /** Scheme of the first challenge. */
  readonly first?: string;
  /** How many challenges with the scheme Bearer. */
  readonly bearerCount?: number;
  /** Parameters of the first Bearer challenge. */
  readonly parameters?: Readonly<Record<string, Match>>;
}

/** What a text or JSON value must be. */
export type Match =
  | { readonly equals: Json }
  | { readonly oneOf: readonly Json[] }
  /** A regular expression, case-insensitive, that is found in it. */
  | { readonly matches: string }
  | { readonly matchesNot: string }
  /** A list, or a text of words separated by blanks or commas, that has this member. */
  | { readonly has: string }
  | { readonly hasNot: string }
  | { readonly present: boolean };
