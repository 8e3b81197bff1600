import { inspect } from "util";
import { printable } from "../../runtime/printable.js";
import { originalPosition } from "./source-map.js";

const FRAME = /^\s+at (?:async )?(?:.*\()?(.+):(\d+):(\d+)\)?$/;

/** Files outside the project: Node, dependencies, and this plugin, which may be linked instead of installed. */
const FOREIGN = /node:|node_modules|packages\/clerk\/dist/;

/** A message may contain a whole document. */
const MAX_CHARACTERS = 2_000;

/** Maximum depth of a chain of causes. */
const CAUSES = 3;

/**
 * An error for the operator's log: its message, and its position in the project's own files. Other files are shown
 * only if no frame is the project's.
 */
export function readableError(error: unknown, causes = CAUSES): string {
  if (!(error instanceof Error)) return shortened(inspect(error));
  const message = shortened(String(error));
  const frames = framesOf(error).map((line) => original(printable(line)));
  const own = frames.filter((frame) => !FOREIGN.test(frame));
  const cause = error.cause === undefined || causes === 0 ? [] : [causeOf(error.cause, causes)];
  return [message, ...(own.length > 0 ? own : frames), ...cause].join("\n");
}

function shortened(given: string): string {
  const text = printable(given);
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)} …` : text;
}

function causeOf(cause: unknown, causes: number): string {
  return `Caused by: ${readableError(cause, causes - 1)}`;
}

/** A line of the message may look like a frame, so only what follows the message counts. */
function framesOf({ stack = "", message }: Error): readonly string[] {
  const start = message === "" ? -1 : stack.lastIndexOf(message);
  const rest = start === -1 ? stack : stack.slice(start + message.length);
  return rest.split("\n").filter((line) => /^\s+at /.test(line));
}

/** Leaves out the function's name, which the bundler has shortened to a letter. */
function original(frame: string): string {
  const [, file = "", line, column] = FRAME.exec(frame) ?? [];
  const found = originalPosition(file, Number(line), Number(column));
  return found === undefined ? frame : `    at ${found}`;
}
