/** The keys that sign tokens. */
import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

export interface KeyPair {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** More than one authority has: its own, a stranger's, and those of rotations. */
const RSA_KEYS = 6;
const rsaKeys: Omit<KeyPair, "kid">[] = [];
let handedOut = 0;

/**
 * An RSA key of 2,048 bits with a new id. Making one takes 0.2 s of a processor, and many cases start an authority of
 * their own, so the seventh key of a process is the first under another id.
 */
export function rsaKey(): KeyPair {
  const index = handedOut++ % RSA_KEYS;
  rsaKeys[index] ??= generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { kid: newKeyId(), ...rsaKeys[index] };
}

export function ecKey(): KeyPair {
  return { kid: newKeyId(), ...generateKeyPairSync("ec", { namedCurve: "P-256" }) };
}

function newKeyId(): string {
  return `key_${randomBytes(9).toString("hex")}`;
}

/** The public key as in a JWKS (RFC 7517). */
export function publicJwk({ kid, publicKey }: KeyPair) {
  const alg = publicKey.asymmetricKeyType === "rsa" ? "RS256" : "ES256";
  return { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg };
}
