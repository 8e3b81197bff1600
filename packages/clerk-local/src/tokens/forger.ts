/** The key that wrong tokens are signed with: one per process, never among the published keys. */
import { newSigningKey, type SigningKey } from "./keys.js";

let key: Promise<SigningKey> | undefined;

export function forgerKey(): Promise<SigningKey> {
  key ??= newSigningKey();
  return key;
}
