/** The report for people: one line for each check, and the repair of the first failure. */
import type { Status } from "./check.js";
import type { Result } from "./diagnose.js";

const MARKS: Readonly<Record<Status, string>> = { ok: "✔", fail: "✖", warn: "!", skipped: "–" };
/** SGR codes: green, red, yellow, dim. */
const COLOURS: Readonly<Record<Status, number>> = { ok: 32, fail: 31, warn: 33, skipped: 2 };
const TITLE_WIDTH = 40;

export interface TextReport {
  /** The line of a check, with the repair if it is the first failure. */
  line(result: Result): string;
  /** The last line. */
  total(results: readonly Result[]): string;
}

export function textReport({ isColoured }: { isColoured: boolean }): TextReport {
  const coloured = (status: Status, text: string): string =>
    isColoured ? `\u001b[${COLOURS[status]}m${text}\u001b[0m` : text;
  let isMendingTold = false;
  return {
    line({ status, title, detail, fix = "" }) {
      const told = status === "warn" ? `${detail} ${fix}` : detail;
      const text = `${MARKS[status]} ${title.padEnd(TITLE_WIDTH)} ${told}`.trimEnd();
      const line =
        status === "ok"
          ? `${coloured(status, MARKS.ok)}${text.slice(MARKS.ok.length)}`
          : coloured(status, text);
      if (status !== "fail" || isMendingTold) return line;
      isMendingTold = true;
      return `${line}\n${fix.replace(/^/gm, "    ")}`;
    },
    total(results) {
      const count = (status: Status) => results.filter((result) => result.status === status).length;
      const parts = [`${count("ok")} green`, `${count("fail")} red`];
      if (count("warn") > 0) parts.push(`${count("warn")} to look at`);
      if (count("skipped") > 0) parts.push(`${count("skipped")} skipped`);
      return coloured(count("fail") > 0 ? "fail" : "ok", parts.join(", "));
    },
  };
}

/**
 * Formats of Clerk's keys and tokens, JWTs and email addresses. Bare prefixes are not redacted, because explanations
 * contain them.
 */
const SHAPES = [
  /\b(?:sk_(?:test|live)|oat|ak|mt)_[\w.~+/-]{6,}/g,
  /\beyJ[\w-]{4,}\.[\w-]*(?:\.[\w-]*)?/g,
  /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g,
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
];

const MASK = "•••";

/** Shorter values also occur in ordinary words. */
const LEAST_LENGTH = 6;

/**
 * Last line of defence: masks whatever looks like a secret in the doctor's output.
 *
 * @param secrets values to mask in addition to the shapes above.
 */
export function redacted(text: string, secrets: Iterable<string>): string {
  let shown = text;
  for (const secret of secrets) {
    if (secret.length >= LEAST_LENGTH) shown = shown.replaceAll(secret, MASK);
  }
  for (const shape of SHAPES) shown = shown.replace(shape, MASK);
  // Text from a server must not control the terminal.
  return shown.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (character === "\n" ? character : " "));
}
