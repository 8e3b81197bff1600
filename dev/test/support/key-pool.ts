/**
 * Before the tests: a file with RSA keys. Each stand-in needs one, and making it takes 100 ms of a processor; a whole run
 * starts some seven hundred of them.
 */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const KEY_POOL = "TEST_SIGNING_KEYS";

/** More than one process has in use at a time, so that stand-ins that must differ do. */
const SIZE = 24;

export default function setUp(): (() => void) | undefined {
  // Each project of a run has this step.
  if (process.env[KEY_POOL] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "signing-keys-"));
  const file = join(folder, "keys.json");
  const keys = Array.from({ length: SIZE }, () =>
    generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "pem", type: "pkcs8" }),
  );
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  process.env[KEY_POOL] = file;
  return () => rmSync(folder, { recursive: true, force: true });
}
