import { createHash, randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Random letters and digits. Bytes from 248 on are dropped: 248 is a multiple of 62, so no character is favoured. */
export function randomText(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

/** An id in Clerk's format: the prefix and 27 characters, such as `user_2ab…`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomText(27)}`;
}

/** The first 32 hexadecimal characters of the SHA-256 digest of `text`. */
export function derivedText(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
