/** The key that wrong tokens are signed with: one per process, never among the instance's keys. */
import { type Handler, sendJson } from "../http/exchange.js";
import { foreignSigningKey, type SigningKey } from "./keys.js";

let key: Promise<SigningKey> | undefined;

export function forgerKey(): Promise<SigningKey> {
  key ??= foreignSigningKey();
  return key;
}

/** Where the forged tokens point to. A verifier that fetches this accepts them, which is the trap. */
export const forgerHandler: Handler = async (exchange) => {
  if (exchange.path !== "/forger/jwks.json") return false;
  return sendJson(exchange, 200, { keys: [(await forgerKey()).publicJwk] });
};
