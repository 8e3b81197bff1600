/**
 * Writes a file of RSA keys before the tests. Each local Clerk needs a key, generating one takes 100 ms of CPU time, and a
 * whole run starts about seven hundred local Clerks.
 */
import { generateKeyPair } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export const KEY_POOL = "TEST_SIGNING_KEYS";

/** More keys than one process uses at a time, so that local Clerks of one test have different keys. */
const SIZE = 12;

export default async function setUp(): Promise<(() => void) | undefined> {
  // Each project of a run executes this setup.
  if (process.env[KEY_POOL] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "signing-keys-"));
  const file = join(folder, "keys.json");
  const pairs = Array.from({ length: SIZE }, () =>
    promisify(generateKeyPair)("rsa", { modulusLength: 2048 }),
  );
  const keys = (await Promise.all(pairs)).map(({ privateKey }) =>
    privateKey.export({ format: "pem", type: "pkcs8" }),
  );
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  process.env[KEY_POOL] = file;
  return () => rmSync(folder, { recursive: true, force: true });
}
