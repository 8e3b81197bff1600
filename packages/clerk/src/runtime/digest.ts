// The Workers build drops imports of Node's modules.
const { hash } = process.getBuiltinModule("crypto");

/** In bytes; a longer token is hashed as a string. */
const BUFFER_LENGTH = 8_192;

const encoder = new TextEncoder();
/** Reused buffer: hashing a string allocates per call, which costs more than the hash. */
const buffer = new Uint8Array(BUFFER_LENGTH);

/** The key of a token in the caches: its SHA-256 in base64, from which the token cannot be computed. */
export function digest(token: string): string {
  const { read, written } = encoder.encodeInto(token, buffer);
  const key = hash("sha256", read === token.length ? buffer.subarray(0, written) : token, "base64");
  buffer.fill(0, 0, written);
  return key;
}
