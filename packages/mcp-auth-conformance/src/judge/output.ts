/** Judges what the target prints (CWE-117: a caller's text must not pass for a line of the log). */
import type { OutputExpect } from "../case.js";

/** What terminals and log viewers take for the end of a line. */
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

export function outputProblems(output: string, { noLine, noText }: OutputExpect = {}): string[] {
  const forged = output.split(LINE_END).find((line) => noLine !== undefined && line.startsWith(noLine));
  return [
    ...(forged === undefined ? [] : [`the output has the line ${JSON.stringify(forged.slice(0, 80))}`]),
    ...(noText !== undefined && output.includes(noText)
      ? [`the output has the text ${JSON.stringify(noText)}`]
      : []),
  ];
}
