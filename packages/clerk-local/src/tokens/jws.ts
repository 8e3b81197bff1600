/**
 * Writes a JSON Web Signature in compact form (RFC 7515) with any header. Libraries for production refuse to write the
 * invalid tokens that a verifier must be tested with.
 */
import { constants, createHmac, type KeyObject, sign as signWithKey } from "node:crypto";

export type Json = Record<string, unknown>;

/** How to sign: the named algorithm with a key, an HMAC with a text secret, or no signature. */
export type Signer =
  | { algorithm: "RS256" | "PS256" | "RS512"; key: KeyObject }
  | { algorithm: "HS256"; secret: string }
  | { algorithm: "none" };

export async function writeJws(header: Json, payload: Json, signer: Signer): Promise<string> {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${await signature(input, signer)}`;
}

function encode(value: Json): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

async function signature(input: string, signer: Signer): Promise<string> {
  switch (signer.algorithm) {
    case "none":
      return "";
    case "HS256":
      return createHmac("sha256", signer.secret).update(input).digest("base64url");
    case "RS256":
      return rsa(input, "sha256", { key: signer.key });
    case "RS512":
      return rsa(input, "sha512", { key: signer.key });
    case "PS256":
      return rsa(input, "sha256", {
        key: signer.key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
  }
}

/** With a callback, Node signs on its thread pool, which makes a thousand tokens fast. */
function rsa(
  input: string,
  hash: string,
  key: { key: KeyObject; padding?: number; saltLength?: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    signWithKey(hash, Buffer.from(input), key, (error, result) => {
      if (error) reject(error);
      else resolve(result.toString("base64url"));
    });
  });
}
