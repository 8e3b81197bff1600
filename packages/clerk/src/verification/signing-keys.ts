import { importJWK, importSPKI, type JWK } from "jose";
import { SIGNING_KEYS } from "../clerk/cache-policies.js";
import { CachedAnswer } from "../clerk/cached-answer.js";
import type { ClerkFrontend, JsonDocument } from "../clerk/frontend.js";
import { Refusal } from "../errors/refusal.js";
import type { EventLog } from "../events/event-log.js";
import type { Settings } from "../options/settings.js";

export const ALGORITHM = "RS256";

/** The instance's public keys. */
export interface SigningKeys {
  /** @throws {Refusal} if the key does not exist. */
  get(keyId: unknown): Promise<CryptoKey>;
  /** The key, if it is in memory and not due for a refresh; otherwise `undefined`: call `get`. */
  held(keyId: unknown): CryptoKey | undefined;
}

const MAX_KEYS = 20;

/** Keys from `jwtKey` if it is set, otherwise from the Frontend API's JWKS (RFC 7517). */
export function signingKeys({ jwtKey, onEvent }: Settings, frontend: ClerkFrontend): SigningKeys {
  return jwtKey === undefined ? remoteKeys(frontend, onEvent) : pinnedKey(jwtKey);
}

function pinnedKey(pem: string): SigningKeys {
  let imported: Promise<CryptoKey> | undefined;
  let key: CryptoKey | undefined;
  async function load(): Promise<CryptoKey> {
    try {
      key = await importSPKI(pem, ALGORITHM);
      return key;
    } catch (cause) {
      console.error(UNUSABLE_JWT_KEY);
      throw new Refusal("clerk_misconfigured", { cause });
    }
  }
  return {
    held: () => key,
    get() {
      imported ??= load();
      return imported;
    },
  };
}

const UNUSABLE_JWT_KEY =
  "[Clerk] No token can be verified: the PEM text in CLERK_JWT_KEY (option jwtKey) is not an RSA public key. Copy it " +
  "again from Clerk Dashboard → Configure → API keys → JWKS public key, then restart.";

function remoteKeys(frontend: ClerkFrontend, onEvent: EventLog): SigningKeys {
  let known: KeySet | undefined;
  const jwks = new CachedAnswer<KeySet>(SIGNING_KEYS);
  async function load(): Promise<KeySet> {
    const read = (document: JsonDocument) => readKeys(document, known);
    const fetched = await frontend.get("signing keys", "/.well-known/jwks.json", read);
    if (known !== undefined && !haveSameNames(known, fetched)) {
      onEvent({ type: "clerk", time: new Date(), change: "keys_changed", during: "signing keys" });
    }
    known = fetched;
    return fetched;
  }
  return {
    held: (keyId) => (typeof keyId === "string" ? jwks.fresh()?.get(keyId)?.key : undefined),
    async get(keyId) {
      if (typeof keyId !== "string") throw new Refusal("token_header");
      const found = (await jwks.get(load)).get(keyId) ?? (await jwks.renewed(load)).get(keyId);
      if (found === undefined) throw new Refusal("key_unknown");
      return found.key;
    },
  };
}

interface NamedKey {
  readonly key: CryptoKey;
  /** Modulus and exponent, which identify a key after a refetch. */
  readonly modulus: string;
}

type KeySet = ReadonlyMap<string, NamedKey>;

function haveSameNames(one: KeySet, other: KeySet): boolean {
  return one.size === other.size && [...one.keys()].every((name) => other.has(name));
}

/** Reuses the object of a known key: the JWT cache compares keys by identity. */
async function readKeys({ json }: JsonDocument, known: KeySet | undefined): Promise<KeySet> {
  const keys = await Promise.all(usableKeys(json).map((jwk) => imported(jwk, known?.get(jwk.kid))));
  if (keys.flat().length === 0) throw new Error("no usable key in the JWKS");
  return new Map(keys.flat());
}

type NamedJwk = JWK & { readonly kid: string };

function usableKeys(document: unknown): NamedJwk[] {
  const keys = (document as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) return [];
  return keys.filter(isUsable).slice(0, MAX_KEYS);
}

function isUsable(jwk: Partial<JWK> | null): jwk is NamedJwk {
  return (
    jwk?.kty === "RSA" &&
    typeof jwk.kid === "string" &&
    (jwk.use ?? "sig") === "sig" &&
    (jwk.alg ?? ALGORITHM) === ALGORITHM
  );
}

/** The key with its id, or nothing. One unreadable key must not hide the others. */
async function imported(
  { kty, n, e, kid }: NamedJwk,
  known: NamedKey | undefined,
): Promise<[name: string, key: NamedKey][]> {
  const modulus = `${n} ${e}`;
  if (known?.modulus === modulus) return [[kid, known]];
  const key = await importJWK({ kty, n, e, kid } as JWK, ALGORITHM).catch(() => undefined);
  return key === undefined || key instanceof Uint8Array ? [] : [[kid, { key, modulus }]];
}
