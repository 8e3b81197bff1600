/** The signing keys: the current one, and older ones that are still published. */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { createLocalJWKSet } from "jose";
import { z } from "zod";
import { newId } from "../ids.js";

const generate = promisify(generateKeyPair);

/** A public RSA key as in `/.well-known/jwks.json` (RFC 7517). */
export interface PublicJwk {
  use: "sig";
  kty: "RSA";
  kid: string;
  alg: "RS256";
  n: string;
  e: string;
}

const text = z.string().min(1);

/** A private RSA key as stored in the state file. */
export const privateJwk = z.object({
  use: z.literal("sig"),
  kty: z.literal("RSA"),
  kid: text,
  alg: z.literal("RS256"),
  ...{ n: text, e: text, d: text, p: text, q: text, dp: text, dq: text, qi: text },
});

export type PrivateJwk = z.output<typeof privateJwk>;

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicJwk: PublicJwk;
}

/** Most published keys, so that a test that rotates in a loop does not grow the document. */
const MAX_PUBLISHED = 5;

export class KeyRing {
  #keys: [SigningKey, ...SigningKey[]];
  #verifier: ReturnType<typeof createLocalJWKSet>;

  private constructor(keys: [SigningKey, ...SigningKey[]]) {
    this.#keys = keys;
    this.#verifier = createLocalJWKSet(this.jwks());
  }

  static async create(): Promise<KeyRing> {
    return new KeyRing([await newSigningKey()]);
  }

  static restore(jwks: [PrivateJwk, ...PrivateJwk[]]): KeyRing {
    const [first, ...rest] = jwks;
    return new KeyRing([signingKey(first), ...rest.map(signingKey)]);
  }

  /** The key that signs now. */
  get current(): SigningKey {
    return this.#keys[0];
  }

  /** The current public key as PEM (SPKI), Clerk's `CLERK_JWT_KEY`. */
  get pem(): string {
    return publicPem(this.current);
  }

  /** Signs with a new key from now on. `keepOld: false` also stops publishing the keys used so far. */
  async rotate(keepOld: boolean): Promise<void> {
    const next = await newSigningKey();
    this.#keys = [next, ...(keepOld ? this.#keys.slice(0, MAX_PUBLISHED - 1) : [])];
    this.#verifier = createLocalJWKSet(this.jwks());
  }

  /** Finds the published key of a token, for jose. */
  get verifier(): ReturnType<typeof createLocalJWKSet> {
    return this.#verifier;
  }

  jwks(): { keys: PublicJwk[] } {
    return { keys: this.#keys.map((key) => key.publicJwk) };
  }

  /** The current key first. */
  privateJwks(): [PrivateJwk, ...PrivateJwk[]] {
    const [current, ...older] = this.#keys;
    return [exported(current), ...older.map(exported)];
  }
}

/** Generates a key, which takes 100 ms. */
async function generatedKey(): Promise<KeyObject> {
  return (await generate("rsa", { modulusLength: 2048 })).privateKey;
}

/** The source of instance keys. Tests of this repository replace it with a pool. */
export const keySource = { next: generatedKey };

/** A key that no instance has, even if `keySource` is replaced. */
export async function foreignSigningKey(): Promise<SigningKey> {
  return describe(newId("ins"), await generatedKey());
}

export async function newSigningKey(): Promise<SigningKey> {
  return describe(newId("ins"), await keySource.next());
}

export function publicPem(key: SigningKey): string {
  return createPublicKey(key.privateKey).export({ type: "spki", format: "pem" }).toString();
}

function signingKey(jwk: PrivateJwk): SigningKey {
  return describe(jwk.kid, createPrivateKey({ key: { ...jwk }, format: "jwk" }));
}

function describe(kid: string, privateKey: KeyObject): SigningKey {
  const { n, e } = createPublicKey(privateKey).export({ format: "jwk" }) as { n: string; e: string };
  return { kid, privateKey, publicJwk: { use: "sig", kty: "RSA", kid, alg: "RS256", n, e } };
}

function exported(key: SigningKey): PrivateJwk {
  return { ...(key.privateKey.export({ format: "jwk" }) as unknown as PrivateJwk), ...key.publicJwk };
}
