/** The key that signs forged tokens: one per process, never published by an instance. */
import { type Handler, sendJson } from "../http/exchange.js";
import { foreignSigningKey, type SigningKey } from "./keys.js";

let key: Promise<SigningKey> | undefined;

export function forgerKey(): Promise<SigningKey> {
  key ??= foreignSigningKey();
  return key;
}

/** The JWKS that forged tokens point to. A verifier that fetches it accepts them, which is the defect to detect. */
export const forgerHandler: Handler = async (exchange) => {
  if (exchange.path !== "/forger/jwks.json") return false;
  return sendJson(exchange, 200, { keys: [(await forgerKey()).publicJwk] });
};
