import type { List, Mediation, SecurityScheme } from "../mcp/mediation.js";
import type { Catalogue } from "./catalogue.js";
import { exposure, type Judged, wasJudged } from "./exposure.js";

/** Reports the calls of a request. */
type Calls = Pick<Mediation, "began" | "failed">;

const UNRECORDED: Calls = { began: () => () => {}, failed: () => {} };

/** The known tools of the server. */
interface Server {
  /** `undefined`: the server has no guard. */
  readonly known: Catalogue | undefined;
  readonly schemes: ReadonlyMap<string, readonly SecurityScheme[]> | undefined;
}

/** The tools, prompts and resources that the guard may run and register for a request. */
export function mediationOf(
  judged: Judged,
  { known, schemes }: Server,
  calls: Calls = UNRECORDED,
): Mediation {
  const paths = known === undefined ? () => [] : exposure(judged, known);
  return {
    schemesOf: (name) => schemes?.get(name),
    mayRun: (kind, name) => wasJudged(judged.operations, kind, name),
    paths,
    list: known === undefined ? undefined : listOf(judged.body, paths),
    began: (name, id) => calls.began(name, id),
    failed: (name) => calls.failed(name),
  };
}

/** xmcp makes these of what it has loaded. Those of resources it could ask of their files. */
const STATIC_LISTS: ReadonlySet<unknown> = new Set(["tools/list", "prompts/list"]);

const MAX_REQUEST_CHARACTERS = 1024;

function listOf(body: object | undefined, paths: Mediation["paths"]): List | undefined {
  const { method, id } = (body ?? {}) as { method?: unknown; id?: unknown };
  if (!STATIC_LISTS.has(method) || !isCommonId(id)) return undefined;
  // The whole message: xmcp refuses one with a member too many.
  const asked = JSON.stringify({ ...body, id: undefined });
  if (asked.length > MAX_REQUEST_CHARACTERS) return undefined;
  const existing = (["tools", "prompts", "resources"] as const).flatMap((kind) => [kind, ...paths(kind)]);
  return { key: [asked, ...existing].join("\n"), id };
}

/** An id that every message may have, and that is written again as it was. */
function isCommonId(id: unknown): id is string | number {
  return typeof id === "string" || (Number.isSafeInteger(id) && !Object.is(id, -0));
}
