/** The keys that sign tokens. */
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

/** The public key as in a JWKS (RFC 7517). */
export function publicJwk({ kid, publicKey }: KeyPair) {
  const alg = publicKey.asymmetricKeyType === "rsa" ? "RS256" : "ES256";
  return { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg };
}
