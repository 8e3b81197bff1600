// The Workers build drops imports of Node's modules.
const { hash } = process.getBuiltinModule("crypto");

const encoder = new TextEncoder();
/** Room for the longest token. Given a string, `hash` allocates some for each, which takes longer than the digest. */
const room = new Uint8Array(8_192);

/** The name under which a token is remembered: its SHA-256, which does not lead back to it. */
export function digest(token: string): string {
  const { read, written } = encoder.encodeInto(token, room);
  const name = hash("sha256", read === token.length ? room.subarray(0, written) : token, "base64");
  room.fill(0, 0, written);
  return name;
}
