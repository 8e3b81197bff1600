import { LRUCache } from "lru-cache";
import { methodsOf } from "../mcp/operations.js";
import type { Session } from "../session/session.js";

/** An answer that stays open. */
export interface OpenStream {
  /** Calls `end` once, when the answer must end. Not after `close`. */
  whenOver(end: () => void): void;
  /** The answer has ended. */
  close(): void;
}

/** xmcp takes 1,024 in all. When a caller opens another, their oldest ends. */
const MAX_PER_CALLER = 16;

const MAX_CALLERS = 10_000;

/** A Worker cannot end the answer to another request, so each answer finds out by itself whether it is over. */
const CHECK_MS = 500;

/** MCP 2026-07-28: its answer is a stream of notifications without an end. */
const LISTEN = "subscriptions/listen";

interface Reserved {
  isOver: boolean;
}

/** Ends of the streams of this process. On stopping, a server waits for every answer. */
const ends = new Set<() => void>();

/** Ends every open stream, so that a server can stop. */
export function endOpenStreams(): void {
  for (const end of ends) end();
}

/**
 * Bounds the streams of each caller, in number and in time: they end when the token is no longer accepted.
 *
 * @returns a function that returns `undefined` if the body asks for no stream.
 */
export function streamLimit(settings: {
  readonly clockToleranceSeconds: number;
}): (body: object | undefined, session: Session) => OpenStream | undefined {
  const toleranceMs = settings.clockToleranceSeconds * 1000;
  const open = new LRUCache<string, Reserved[]>({
    max: MAX_CALLERS,
    dispose: (streams, _caller, reason) => {
      if (reason === "evict") for (const stream of streams) stream.isOver = true;
    },
  });

  function reserve(caller: string): Reserved {
    const streams = open.get(caller) ?? [];
    const stream = { isOver: false };
    streams.push(stream);
    if (streams.length > MAX_PER_CALLER) for (const oldest of streams.splice(0, 1)) oldest.isOver = true;
    open.set(caller, streams);
    return stream;
  }

  function release(caller: string, stream: Reserved): void {
    const rest = open.peek(caller)?.filter((other) => other !== stream) ?? [];
    if (rest.length === 0) open.delete(caller);
    else open.set(caller, rest);
  }

  return (body, { subject, expiresAt }) => {
    if (!methodsOf(body).includes(LISTEN)) return undefined;
    const until = expiresAt.getTime() + toleranceMs;
    const stream = reserve(subject);
    let stopWatching = (): void => {};
    return {
      whenOver(end) {
        const over = (): void => {
          stopWatching();
          end();
        };
        const timer = setInterval(() => {
          if (stream.isOver || Date.now() >= until) over();
        }, CHECK_MS);
        ends.add(over);
        stopWatching = () => {
          clearInterval(timer);
          ends.delete(over);
        };
      },
      close() {
        stopWatching();
        release(subject, stream);
      },
    };
  };
}
