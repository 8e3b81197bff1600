/** The output of `--list` and `--list-tokens`. */
import type { Case, Request, Step } from "../case.js";
import { type TokenRecipe, VALID } from "../tokens/recipe.js";

export function caseList(cases: readonly Case[]): string {
  return cases.map(({ id, title, level, spec }) => `${id}\t${level}\t${title}\t${spec}`).join("\n");
}

export interface TokenKind {
  /** The argument of a token command. */
  readonly kind: string;
  /** How to make the token: `MCP_AUTH_TOKEN_RECIPE` of a token command. */
  readonly recipe: TokenRecipe;
  readonly cases: readonly string[];
}

/** Every kind of token that the cases use, with the ids of those cases. */
export function tokenKinds(cases: readonly Case[]): TokenKind[] {
  const kinds = new Map<string, { recipe: TokenRecipe; cases: string[] }>();
  for (const { id, send } of cases) {
    for (const { token = VALID } of requestsOf(send)) {
      const known = kinds.get(token.kind);
      if (known === undefined) kinds.set(token.kind, { recipe: token, cases: [id] });
      else if (!known.cases.includes(id)) known.cases.push(id);
    }
  }
  return [...kinds].map(([kind, rest]) => ({ kind, ...rest }));
}

export function tokenKindList(kinds: readonly TokenKind[]): string {
  return kinds
    .map(({ kind, recipe: { kind: _, ...recipe } }) => `${kind}\t${JSON.stringify(recipe)}`)
    .join("\n");
}

function requestsOf(send: Case["send"]): Request[] {
  const steps: readonly Step[] = "length" in send ? send : [{ request: send }];
  return steps.flatMap((step) => ("request" in step ? step.request : "flood" in step ? step.flood : []));
}
