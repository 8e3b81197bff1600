import type { Refusal } from "../errors/refusal.js";
import type { EventLog } from "../events/event-log.js";
import { type Operation, onlyTool } from "../mcp/operations.js";
import { callerOf, type Session } from "../session/session.js";

/** A refused request, with the `session` if its credential was valid. */
export interface RefusedRequest {
  readonly refusal: Refusal;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Empty if the body was not read. */
  readonly operations: readonly Operation[];
  readonly session: Session | undefined;
}

/** Reports each refusal as a `deny` event. */
export function denialRecorder(onEvent: EventLog): (refused: RefusedRequest) => void {
  return ({ refusal, status, operations, session }) => {
    const tool = onlyTool(operations);
    onEvent({
      type: "deny",
      time: new Date(),
      reason: refusal.reason,
      status,
      ...(tool !== undefined && { tool }),
      ...(refusal.fix !== undefined && { fix: refusal.fix }),
      ...(session !== undefined && callerOf(session)),
    });
  };
}
