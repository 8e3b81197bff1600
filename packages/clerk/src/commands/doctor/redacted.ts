/** A last net under everything that is printed: no check puts a secret into its words, but values of others may be in them. */

/** Clerk's keys and tokens, JWTs, email addresses. Prefixes alone, as explanations name them, stay. */
const SHAPES = [
  /\b(?:sk_(?:test|live)|oat|ak|mt)_[\w.~+/-]{6,}/g,
  /\beyJ[\w-]{4,}\.[\w-]*(?:\.[\w-]*)?/g,
  /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g,
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
];

const MASK = "•••";

/** Shorter values occur in ordinary words. */
const LEAST_LENGTH = 6;

/** @param secrets values that must not appear, besides what looks like one. */
export function redacted(text: string, secrets: Iterable<string>): string {
  let shown = text;
  for (const secret of secrets) {
    if (secret.length >= LEAST_LENGTH) shown = shown.replaceAll(secret, MASK);
  }
  for (const shape of SHAPES) shown = shown.replace(shape, MASK);
  // What a server sends must not steer the terminal.
  return shown.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (character === "\n" ? character : " "));
}
