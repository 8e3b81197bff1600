import type { ToolEvent } from "../events.js";
import { type AnswerMessage, visitMessages } from "./messages.js";

export type ToolOutcome = Exclude<ToolEvent["outcome"], "aborted">;

/** What an answer to a call that went wrong contains, as `JSON.stringify` writes it, outside of any text. */
const SIGNS = ['"isError":true', '"error":{'];

/** How the tool calls of one request ended, by JSON-RPC id; those that are not there went well. */
export class ToolOutcomes {
  readonly #denials: readonly string[];
  /** Made for the first that did not. */
  #outcomes: Map<unknown, ToolOutcome> | undefined;

  /** @param denials messages of the `AccessDenied` errors that tools of this request have made. */
  constructor(denials: readonly string[]) {
    this.#denials = denials;
  }

  of(id: unknown): ToolOutcome {
    return this.#outcomes?.get(id) ?? "ok";
  }

  /** Reads a part of the answer; only one with a sign of failure is taken apart. */
  read(part: string): void {
    if (!SIGNS.some((sign) => part.includes(sign))) return;
    visitMessages(part, (message) => {
      const outcome = this.#outcome(message);
      if (outcome === "ok") return message;
      this.#outcomes ??= new Map();
      this.#outcomes.set(message.id, outcome);
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
