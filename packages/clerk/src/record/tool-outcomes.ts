import type { ToolEvent } from "../events/events.js";
import { type AnswerMessage, visitMessages } from "../mcp/messages.js";

export type ToolOutcome = Exclude<ToolEvent["outcome"], "aborted">;

/** Cheap pre-check, so that successful answers are never parsed. */
export function mayTellOfFailure(part: string): boolean {
  return part.includes('"isError":true') || part.includes('"error":{');
}

/** The outcomes of one request's tool calls, by JSON-RPC id. Successful calls are not stored. */
export class ToolOutcomes {
  readonly #denials: readonly string[];
  readonly #outcomes = new Map<unknown, ToolOutcome>();

  /** @param denials messages of the `AccessDenied` errors that tools created during this request. */
  constructor(denials: readonly string[]) {
    this.#denials = denials;
  }

  of(id: unknown): ToolOutcome {
    return this.#outcomes.get(id) ?? "ok";
  }

  /** Reads a part of the response. */
  read(part: string): void {
    visitMessages(part, (message) => {
      const outcome = this.#outcome(message);
      if (outcome !== "ok") this.#outcomes.set(message.id, outcome);
      return message;
    });
  }

  #outcome({ result, error }: AnswerMessage): ToolOutcome {
    if (error !== undefined) return "error";
    const { isError, content } = (result ?? {}) as { isError?: unknown; content?: unknown };
    if (isError !== true) return "ok";
    const texts = Array.isArray(content)
      ? content.map((item) => (item as { text?: unknown } | null)?.text)
      : [];
    return texts.some((text) => this.#denials.includes(String(text))) ? "denied" : "error";
  }
}
