import type { OperationKind } from "./operations.js";

/** How a handler ended. `denied`: it threw `AccessDenied`. */
export type HandlerOutcome = "ok" | "denied" | "error";

/** A request for a list alone. */
export interface List {
  /** Everything that the answer depends on, except for the headers and the id. */
  readonly key: string;
  /** The JSON-RPC id. */
  readonly id: string | number;
}

/** How a tool is called: `noauth` without a sign-in, `oauth2` with one that has these scopes. */
export type SecurityScheme =
  | { readonly type: "noauth" }
  | { readonly type: "oauth2"; readonly scopes: readonly string[] };

/** The parts of the server that one request may use. The guard around every handler checks it. */
export interface Mediation {
  /** Whether the request was judged for this tool, prompt or resource, and allowed. */
  mayRun(kind: OperationKind, name: string): boolean;
  /** The files whose tools, prompts or resources exist for this request. */
  paths(kind: OperationKind): readonly string[];
  /** How the tool is called, for `tools/list`. `undefined`: the list says nothing of it. */
  schemesOf(name: string): readonly SecurityScheme[] | undefined;
  /** `undefined`: the request is another, or its answer may differ from time to time. */
  readonly list: List | undefined;
  /** A tool's handler starts. Call the result when it has ended. @param id the JSON-RPC id, if known. */
  began(name: string, id: unknown): (outcome: HandlerOutcome) => void;
  /** The result of a tool's handler does not match its output schema, so the caller gets an error. */
  failed(name: string): void;
}
