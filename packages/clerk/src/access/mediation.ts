import type { Mediation } from "../mcp/mediation.js";
import type { Catalogue } from "./catalogue.js";
import { exposure, type Judged, wasJudged } from "./exposure.js";

/** Reports the calls of a request. */
type Calls = Pick<Mediation, "began" | "failed">;

const UNRECORDED: Calls = { began: () => () => {}, failed: () => {} };

/** What the guard may run and register for a request. @param known `undefined`: the server has no guard. */
export function mediationOf(
  judged: Judged,
  known: Catalogue | undefined,
  calls: Calls = UNRECORDED,
): Mediation {
  return {
    mayRun: (kind, name) => wasJudged(judged.operations, kind, name),
    paths: known === undefined ? () => [] : exposure(judged, known),
    began: (name, id) => calls.began(name, id),
    failed: (name) => calls.failed(name),
  };
}
