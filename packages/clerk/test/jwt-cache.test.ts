import { afterEach, expect, it, vi } from "vitest";
import { Refusal } from "../src/errors/refusal.js";
import type { AccessToken } from "../src/verification/access-token.js";
import { cachedJwts, type VerifiedJwt } from "../src/verification/jwt-cache.js";

const KEY = (await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, [
  "sign",
])) as CryptoKey;
const OTHER_KEY = (await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, [
  "sign",
])) as CryptoKey;
const MINUTE = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

/** A verifier that counts its calls. Tokens live for an hour, and their key can be replaced or withdrawn. */
function counted(lifetimeMs = 60 * MINUTE) {
  vi.useFakeTimers({ toFake: ["Date"] });
  const verify = vi.fn(async (jwt: string): Promise<VerifiedJwt> => {
    const token = { subject: jwt, expiresAt: Date.now() + lifetimeMs } as AccessToken;
    return { token, keyId: "ins_1", key: KEY };
  });
  const keys = vi.fn(async (): Promise<CryptoKey> => KEY);
  return { verify, keys, accept: cachedJwts(verify, { get: keys, held: () => undefined }) };
}

it("a token is verified once, then served from the cache", async () => {
  const { verify, accept } = counted();
  const first = await accept("a.b.c");
  expect(await accept("a.b.c")).toBe(first);
  expect(verify).toHaveBeenCalledTimes(1);
});

it("a key that is already loaded is not fetched", async () => {
  const { verify, keys } = counted();
  const accept = cachedJwts(verify, { get: keys, held: () => KEY });
  await accept("a.b.c");
  await accept("a.b.c");
  expect([verify.mock.calls.length, keys.mock.calls.length]).toEqual([1, 0]);
});

it("a token that differs only in its last character is verified on its own", async () => {
  const { verify, accept } = counted();
  await accept("a.b.c");
  verify.mockRejectedValueOnce(new Refusal("signature_invalid"));
  await expect(accept("a.b.d")).rejects.toMatchObject({ reason: "signature_invalid" });
});

it("a token whose key was withdrawn is refused at the next request", async () => {
  const { keys, accept } = counted();
  await accept("a.b.c");
  keys.mockRejectedValueOnce(new Refusal("key_unknown"));
  await expect(accept("a.b.c")).rejects.toMatchObject({ reason: "key_unknown" });
});

it("a token is verified again after its key changes under the same id", async () => {
  const { verify, keys, accept } = counted();
  await accept("a.b.c");
  keys.mockResolvedValueOnce(OTHER_KEY);
  verify.mockRejectedValueOnce(new Refusal("signature_invalid"));
  await expect(accept("a.b.c")).rejects.toMatchObject({ reason: "signature_invalid" });
});

it("a token is never accepted past its expiration", async () => {
  const { verify, accept } = counted(MINUTE);
  await accept("a.b.c");
  vi.setSystemTime(Date.now() + MINUTE);
  verify.mockRejectedValueOnce(new Refusal("token_expired"));
  await expect(accept("a.b.c")).rejects.toMatchObject({ reason: "token_expired" });
});

it("a token is verified again every five minutes", async () => {
  const { verify, accept } = counted();
  for (const [waitMs, times] of [
    [0, 1],
    [5 * MINUTE - 1, 1],
    [1, 2],
  ] as const) {
    vi.setSystemTime(Date.now() + waitMs);
    await accept("a.b.c");
    expect(verify).toHaveBeenCalledTimes(times);
  }
});

it("a refused token is not cached", async () => {
  const { verify, accept } = counted();
  verify.mockRejectedValueOnce(new Refusal("signature_invalid"));
  await expect(accept("a.b.c")).rejects.toThrow();
  await accept("a.b.c");
  expect(verify).toHaveBeenCalledTimes(2);
});

it("10,000 tokens are cached, and the least recently used is evicted first", async () => {
  const { verify, accept } = counted();
  for (let index = 0; index < 10_000; index += 1) await accept(`a.b.${index}`);
  await accept("a.b.0");
  await accept("a.b.new");
  expect(verify).toHaveBeenCalledTimes(10_001);
  await accept("a.b.0");
  expect(verify).toHaveBeenCalledTimes(10_001);
  await accept("a.b.1");
  expect(verify).toHaveBeenCalledTimes(10_002);
});
