import { createHash, randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Random characters of Clerk's id alphabet, without modulo bias. */
export function randomText(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

/** An id as Clerk writes them: the prefix and 27 characters, e.g. `user_2ab…`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomText(27)}`;
}

/** 32 hexadecimal characters that follow from `text`, and do not lead back to it. */
export function derivedText(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
