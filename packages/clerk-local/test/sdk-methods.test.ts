/** Every method of Clerk's SDK, called with placeholders: which the local Clerk answers, and which it says it does not. */
import { expect, it } from "vitest";
import { sdk, standIn } from "./support/stand-in.js";

/** Namespaces with at least one call that the local Clerk answers. */
const ANSWERED = [
  ...[
    "apiKeys",
    "idPOAuthAccessToken",
    "instance",
    "jwks",
    "m2m",
    "machines",
    "oauthApplications",
    "organizations",
  ],
  ...["organizationPermissions", "organizationRoles", "sessions", "signInTokens", "users"],
];

/** Has any member that an argument may be asked for. */
const anything = new Proxy({}, { get: (_, name) => (typeof name === "string" ? "x_1" : undefined) });

type Methods = Record<string, (...args: unknown[]) => Promise<unknown>>;

it("no method gets an answer that could be taken for another", async () => {
  const local = await standIn();
  const statuses = new Map<string, Set<number>>();
  const calls = Object.entries(sdk(local) as unknown as Record<string, Methods>).flatMap(
    ([namespace, api]) =>
      typeof api?.request === "function" ? methodsOf(api).map((method) => ({ namespace, api, method })) : [],
  );
  await Promise.all(
    calls.map(async ({ namespace, api, method }) => {
      for (const first of ["x_1", anything]) {
        const status = await statusOf(() => api[method]?.(first, anything));
        if (status !== undefined) statuses.set(namespace, (statuses.get(namespace) ?? new Set()).add(status));
      }
    }),
  );
  expect(statuses.size).toBeGreaterThan(30);
  for (const [namespace, seen] of statuses) {
    const allowed = ANSWERED.includes(namespace) ? [200, 400, 401, 404, 422, 501] : [501];
    expect([namespace, [...seen].filter((status) => !allowed.includes(status))]).toEqual([namespace, []]);
  }
  const answered = [...statuses].filter(([, seen]) => [...seen].some((status) => status !== 501));
  expect(answered.map(([namespace]) => namespace)).toEqual(
    expect.arrayContaining(ANSWERED.filter((name) => name !== "instance")),
  );
});

function methodsOf(api: object): string[] {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(api)).filter((name) => name !== "constructor");
}

/** `undefined` if the SDK refuses the arguments itself. */
async function statusOf(call: () => Promise<unknown> | undefined): Promise<number | undefined> {
  try {
    await call();
    return 200;
  } catch (error) {
    return (error as { status?: number }).status;
  }
}
