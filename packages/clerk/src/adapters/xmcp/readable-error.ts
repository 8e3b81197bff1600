import { inspect } from "util";
import { printable } from "../../runtime/printable.js";
import { originalPosition } from "./source-map.js";

const FRAME = /^\s+at (?:async )?(?:.*\()?(.+):(\d+):(\d+)\)?$/;

/** Files outside the project: Node, dependencies, and this plugin, which may be linked instead of installed. */
const FOREIGN = /node:|node_modules|packages\/clerk\/dist/;

/** The bundler's own code, in the middle of the stack of a file that is being loaded. */
const BUNDLER = /webpack\/(?:runtime|bootstrap)/;

/** Nothing that a person can look up. */
const NOWHERE = /node:internal|\(<anonymous>\)$/;

/** The function that the bundler makes of a file. The map has no place for it, and may name that of another file. */
const WHOLE_FILE = /at \w+\.\.\/(.+) \((.+):\d+:\d+\)$/;

/** A message may contain a whole document. */
const MAX_CHARACTERS = 2_000;

/** Maximum depth of a chain of causes. */
const CAUSES = 3;

/**
 * An error for the operator's log: its message, and its position in the project's own files. Other files are shown
 * only if no frame is the project's.
 */
export function readableError(error: unknown, causes = CAUSES): string {
  if (!(error instanceof Error)) return shortened(inspect(error, { breakLength: Number.POSITIVE_INFINITY }));
  const message = shortened(String(error));
  const frames = framesOf(error).map((line) => original(printable(line)));
  const cause = error.cause === undefined || causes === 0 ? [] : [causeOf(error.cause, causes)];
  return [message, ...shownOf(frames), ...cause].join("\n");
}

function shortened(given: string): string {
  const text = printable(given);
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)} …` : text;
}

/** Below the bundler's code are the files that import the one that failed, at places that no source map has. */
function shownOf(frames: readonly string[]): readonly string[] {
  const places = frames.filter((frame) => !NOWHERE.test(frame) && !isOfAnotherFile(frame));
  const own = (some: readonly string[]) =>
    some.filter((frame) => !FOREIGN.test(frame) && !BUNDLER.test(frame));
  const end = places.findIndex((frame) => BUNDLER.test(frame));
  const candidates = [own(places.slice(0, end === -1 ? undefined : end)), own(places), places];
  return candidates.find(({ length }) => length > 0) ?? [];
}

function isOfAnotherFile(frame: string): boolean {
  const [, file = "", place = ""] = WHOLE_FILE.exec(frame) ?? [];
  return !place.endsWith(file);
}

function causeOf(cause: unknown, causes: number): string {
  return `Caused by: ${readableError(cause, causes - 1)}`;
}

/** A line of the message may look like a frame, so only what follows the message counts. */
function framesOf({ stack = "", message }: Error): readonly string[] {
  const start = stack.indexOf(`${message}${FRAMES}`);
  if (start === -1 && stack.includes(message)) return [];
  const rest = start === -1 ? stack : stack.slice(start + message.length);
  return rest.split("\n").filter((line) => /^\s+at /.test(line));
}

const FRAMES = "\n    at ";

/** Leaves out the function's name, which the bundler has shortened to a letter. */
function original(frame: string): string {
  const [, file = "", line, column] = FRAME.exec(frame) ?? [];
  const found = originalPosition(file, Number(line), Number(column));
  return found === undefined ? frame : `    at ${found}`;
}
