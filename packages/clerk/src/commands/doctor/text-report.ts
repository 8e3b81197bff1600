/** The report for people: one line for each check, and the fix of each failure. */
import type { Status } from "./check.js";
import type { Result } from "./diagnose.js";

const MARKS: Readonly<Record<Status, string>> = { ok: "✔", fail: "✖", warn: "!", skipped: "–" };
/** SGR codes: green, red, yellow, dim. */
const COLOURS: Readonly<Record<Status, number>> = { ok: 32, fail: 31, warn: 33, skipped: 2 };
const TITLE_WIDTH = 31;

export interface TextReport {
  /** The output for a check. Skipped checks are held back, because those that wait for the same check become one line. */
  lines(result: Result): readonly string[];
  /** The last lines. */
  end(results: readonly Result[]): readonly string[];
}

export function textReport({ isColoured }: { isColoured: boolean }): TextReport {
  const coloured = (status: Status, text: string): string =>
    isColoured ? `\u001b[${COLOURS[status]}m${text}\u001b[0m` : text;
  let held: readonly Result[] = [];
  const released = (): readonly string[] => {
    const [first, ...others] = held;
    held = [];
    if (first === undefined) return [];
    const title = others.length === 0 ? first.title : `${others.length + 1} checks`;
    return [coloured("skipped", line("skipped", title, first.detail))];
  };
  return {
    lines(result) {
      const { status, title, detail, fix = "" } = result;
      if (status === "skipped") {
        const before = held.every((other) => other.detail === detail) ? [] : released();
        held = [...held, result];
        return before;
      }
      const text = line(status, title, status === "warn" ? `${detail} ${fix}` : detail);
      const shown =
        status === "ok"
          ? `${coloured(status, MARKS.ok)}${text.slice(MARKS.ok.length)}`
          : coloured(status, text);
      return [...released(), status === "fail" ? `${shown}\n${fix.replace(/^/gm, "    ")}` : shown];
    },
    end(results) {
      const count = (status: Status) => results.filter((result) => result.status === status).length;
      const parts = [`${count("ok")} green`, `${count("fail")} red`];
      if (count("warn") > 0) parts.push(`${count("warn")} yellow`);
      if (count("skipped") > 0) parts.push(`${count("skipped")} skipped`);
      return [...released(), coloured(count("fail") > 0 ? "fail" : "ok", parts.join(", "))];
    },
  };
}

function line(status: Status, title: string, detail: string): string {
  return `${MARKS[status]} ${title.padEnd(TITLE_WIDTH)} ${detail}`.trimEnd();
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
