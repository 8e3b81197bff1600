// The Workers build drops imports of Node's modules.
const { hash } = process.getBuiltinModule("crypto");

/** The name under which a token is remembered: its SHA-256, which does not lead back to it. */
export function digest(token: string): string {
  return hash("sha256", token, "base64");
}
