/** The keys that tokens are signed with: those that are published, and a stranger's. */
import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

export interface KeyPair {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function rsaKey(): KeyPair {
  return { kid: newKeyId(), ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
}

export function ecKey(): KeyPair {
  return { kid: newKeyId(), ...generateKeyPairSync("ec", { namedCurve: "P-256" }) };
}

function newKeyId(): string {
  return `key_${randomBytes(9).toString("hex")}`;
}

/** A public key as the JWKS has it (RFC 7517). */
export function publicJwk({ kid, publicKey }: KeyPair) {
  const alg = publicKey.asymmetricKeyType === "rsa" ? "RS256" : "ES256";
  return { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg };
}
