/**
 * Collects the output of all servers in the suite and searches it at the end: it must not contain a credential or
 * personal data.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FOLDER = "SERVER_OUTPUT_FOLDER";

const FORBIDDEN: readonly [string, RegExp][] = [
  // Only at the beginning of a word, or after a percent escape: a random id may contain these letters in its middle.
  ["a JWT, or a part of one", /(?:(?<![\w-])|(?<=%[\dA-Fa-f]{2}))eyJ[\w-]{10,}/],
  ["a bearer credential", /bearer [\w.~+/-]{8,}/i],
  ["a secret key", /sk_(test|live)_\w+/],
  ["an opaque token or its id", /oat_\w{16,}/],
  ["a provider's access token", /pvt_\w{16,}/],
  ["an email address", /[\w.+-]+@[\w-]+\.[a-z]{2,}/i],
];

export function collectServerOutput(): void {
  process.env[FOLDER] = mkdtempSync(join(tmpdir(), "xmcp-clerk-output-"));
}

export function keepServerOutput(output: string): void {
  const folder = process.env[FOLDER];
  if (folder !== undefined) appendFileSync(join(folder, "all.log"), output);
}

/** @throws {Error} that names the finding and the text before it, without repeating it */
export function searchServerOutput(): void {
  const folder = process.env[FOLDER];
  if (folder === undefined) throw new Error("No server's output was collected.");
  const output = readFileSync(join(folder, "all.log"), { encoding: "utf8", flag: "a+" });
  rmSync(folder, { recursive: true });
  const found = FORBIDDEN.flatMap(([name, pattern]) => {
    const at = output.search(pattern);
    return at === -1
      ? []
      : `${name}, after ${JSON.stringify(masked(output.slice(Math.max(0, at - 60), at)))}`;
  });
  if (found.length > 0) throw new Error(`The servers of this suite have printed: ${found.join("; ")}.`);
}

function masked(output: string): string {
  return FORBIDDEN.reduce((text, [, pattern]) => text.replaceAll(new RegExp(pattern, "gi"), "[…]"), output);
}
