import { Refusal } from "../errors/refusal.js";
import { methodsOf } from "../mcp/operations.js";
import type { Session } from "../session/session.js";

/** The right to one answer that stays open. */
export interface OpenStream {
  /** `end` is called once: when the token expires or the server stops. Not after `close`. */
  whenOver(end: () => void): void;
  /** The answer has ended. */
  close(): void;
}

/** xmcp takes 1,024 in all. */
const MAX_PER_CALLER = 16;

/** Another of the caller's own may end at any time. */
const RETRY_AFTER_SECONDS = 60;

/** The longest delay of a timer. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** MCP 2026-07-28: its answer is a stream of notifications without an end. */
const LISTEN = "subscriptions/listen";

/** Ends of the streams of this process. On stopping, the server waits for every answer. */
const ends = new Set<() => void>();

/** Ends every open stream, so that a server can stop. */
export function endOpenStreams(): void {
  for (const end of ends) end();
}

/**
 * Bounds the streams of each caller, in number and in time.
 *
 * @returns a function that reserves a stream, or returns `undefined` if the body asks for none. It throws a `Refusal` if
 *   the caller has too many.
 */
export function streamLimit(): (body: object | undefined, session: Session) => OpenStream | undefined {
  const open = new Map<string, number>();

  function add(caller: string, change: number): void {
    const count = (open.get(caller) ?? 0) + change;
    if (count === 0) open.delete(caller);
    else open.set(caller, count);
  }

  return (body, { subject, expiresAt }) => {
    const count = methodsOf(body).filter((method) => method === LISTEN).length;
    if (count === 0) return undefined;
    if ((open.get(subject) ?? 0) + count > MAX_PER_CALLER)
      throw new Refusal("too_many_streams", { retryAfterSeconds: RETRY_AFTER_SECONDS });
    add(subject, count);
    let isOpen = true;
    let end = (): void => {};
    const over = (): void => {
      if (isOpen) end();
    };
    const timer = setTimeout(over, Math.min(Math.max(0, expiresAt.getTime() - Date.now()), MAX_DELAY_MS));
    ends.add(over);
    return {
      whenOver(given) {
        end = given;
      },
      close() {
        if (!isOpen) return;
        isOpen = false;
        clearTimeout(timer);
        ends.delete(over);
        add(subject, -count);
      },
    };
  };
}
