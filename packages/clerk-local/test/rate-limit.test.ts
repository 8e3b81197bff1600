/** Clerk's rate limit of the Backend API, as an option. */
import { expect, it } from "vitest";
import { backend, refusal, sdk, standIn } from "./support/stand-in.js";

it.each([
  ["development", 100],
  ["production", 1000],
] as const)("a %s instance answers %i requests in ten seconds", async (rateLimit, count) => {
  const local = await standIn({ rateLimit });
  const statuses = async (requests: number) => {
    const answers = await Promise.all(
      Array.from({ length: requests }, () => backend(local, "/v1/users/count")),
    );
    return answers.map(({ status }) => status);
  };
  // A request with a wrong key, and one for the keys, do not count.
  await fetch(`${local.apiUrl}/v1/users`, { headers: { authorization: "Bearer sk_test_x" } });
  await backend(local, "/v1/jwks");
  expect(new Set(await statuses(count))).toEqual(new Set([200]));

  const refused = await backend(local, "/v1/users");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(10);
  expect(await refusal(refused)).toEqual([429, "too_many_requests"]);
  await expect(sdk(local).users.getCount()).rejects.toMatchObject({
    status: 429,
    retryAfter: expect.any(Number),
  });
  expect((await backend(local, "/v1/jwks")).status).toBe(200);
  local.clock({ offsetSeconds: 10 });
  expect(await statuses(1)).toEqual([200]);
});

it("there is none by default", async () => {
  const local = await standIn();
  const answers = await Promise.all(Array.from({ length: 150 }, () => backend(local, "/v1/users/count")));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});

it("an unknown one stops the start", async () => {
  await expect(standIn({ rateLimit: "staging" as "off" })).rejects.toThrow(
    'rateLimit must be one of "off", "development", "production"',
  );
});
