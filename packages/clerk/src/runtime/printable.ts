/** What may be printed of a text that a caller sent. */

/** Controls, also invisible ones, and what begins a line. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * Escapes characters that could begin a line of the log or control a terminal (CWE-117).
 *
 * @returns the text in one line, with `\u000a` for a line break
 */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
