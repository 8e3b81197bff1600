/** Clerk's rate limit of the Backend API, as an option. */
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { expect, it } from "vitest";
import { RateLimit } from "../src/backend-api/rate-limit.js";
import { proves } from "./support/behaviour.js";
import { backend, refusal, sdk, standIn } from "./support/stand-in.js";

async function statusesOf(local: ClerkLocal, requests: number): Promise<number[]> {
  const answers = await Promise.all(
    Array.from({ length: requests }, () => backend(local, "/v1/users/count")),
  );
  return answers.map(({ status }) => status);
}

it(
  "a development instance answers 100 requests in ten seconds",
  proves(
    "rate-limit",
    "above the limit of requests the answer is 429 with `Retry-After`; its code and text",
    ["docs", "guess"],
    "rateLimit",
  ),
  async () => {
    const local = await standIn({ rateLimit: "development" });
    // A request with a wrong key, and one for the keys, do not count.
    await fetch(`${local.apiUrl}/v1/users`, { headers: { authorization: "Bearer sk_test_x" } });
    await backend(local, "/v1/jwks");
    expect(new Set(await statusesOf(local, 100))).toEqual(new Set([200]));

    const refused = await backend(local, "/v1/users");
    expect(refused.headers.get("retry-after")).toMatch(/^([1-9]|10)$/);
    expect(await refusal(refused)).toEqual([429, "too_many_requests"]);
    await expect(sdk(local).users.getCount()).rejects.toMatchObject({
      status: 429,
      retryAfter: expect.any(Number),
    });
    expect((await backend(local, "/v1/jwks")).status).toBe(200);
    local.clock({ offsetSeconds: 10 });
    expect(await statusesOf(local, 1)).toEqual([200]);
  },
);

it("a production instance answers ten times as many", async () => {
  const local = await standIn({ rateLimit: "production" });
  expect(new Set(await statusesOf(local, 101))).toEqual(new Set([200]));
  // So many real requests may take more than ten seconds on a busy machine.
  const limit = new RateLimit({ rateLimit: "production" });
  for (let count = 0; count < 1000; count++) expect(limit.wait(count)).toBe(0);
  expect(limit.wait(1000)).toBe(9);
  expect(limit.wait(9999)).toBe(1);
  expect(limit.wait(10_000)).toBe(0);
});

it("there is none by default", async () => {
  const local = await standIn();
  expect(new Set(await statusesOf(local, 101))).toEqual(new Set([200]));
});

it("an unknown one stops the start", async () => {
  await expect(standIn({ rateLimit: "staging" as "off" })).rejects.toThrow(
    'rateLimit must be one of "off", "development", "production"',
  );
});
