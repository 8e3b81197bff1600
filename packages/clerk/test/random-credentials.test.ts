import fc from "fast-check";
import { expect, it } from "vitest";
import { createAuthenticator } from "../src/authenticator.js";
import { readSettings } from "../src/options/settings.js";
import { authRequest } from "./auth-request.js";
import { localClerk, optionsFor } from "./protected-server.js";

// A hundred thousand requests in process, without HTTP. random-requests.test.ts covers HTTP.

const BASE_URL = "http://127.0.0.1:3001";
const clerk = await localClerk();
const { decide } = createAuthenticator(
  readSettings({ ...optionsFor(clerk), baseURL: BASE_URL, onEvent: false }, {}),
);
const { tokens } = await clerk.mint({ resource: `${BASE_URL}/mcp`, count: 20 });

const request = (...credentials: string[]) => authRequest(credentials);

async function expectRefused(...authorization: string[]): Promise<void> {
  const decision = await decide(request(...authorization));
  const status = decision.outcome === "answered" ? decision.response.status : decision.outcome;
  if (status !== 401 && status !== 400) expect(status, authorization.join("\n")).toBe(401);
}

const decoded = (token: string): string =>
  token
    .split(".")
    .map((part) => Buffer.from(part, "base64url").toString("hex"))
    .join(".");

const anyText = fc.string({ unit: "binary", maxLength: 120 });
const scheme = fc.constantFrom("Bearer ", "bearer ", "BEARER  ", "Basic ", "DPoP ", "Bearer\t", "Bearer", "");
const header = fc.oneof(
  anyText,
  fc.tuple(scheme, fc.oneof(anyText, fc.base64String({ maxLength: 200 }))).map((parts) => parts.join("")),
);

it("the tokens that are changed below are valid before the change", async () => {
  for (const token of tokens) {
    expect((await decide(request(`Bearer ${token}`))).outcome).toBe("authenticated");
  }
});

it("20,000 random headers are refused", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(header, { maxLength: 3 }), (fields) => expectRefused(...fields)),
    { numRuns: 20_000 },
  );
});

it("20,000 valid tokens, each with one change, are refused", { timeout: 120_000 }, async () => {
  const change = fc.record({
    token: fc.constantFrom(...tokens),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(8),
    insert: fc.string({ maxLength: 8, unit: fc.constantFrom(..."AZaz09-_.+/=~ ") }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ token, at, remove, insert }) => {
      const start = Math.floor(at * token.length);
      const changed = token.slice(0, start) + insert + token.slice(start + remove);
      fc.pre(decoded(changed) !== decoded(token));
      await expectRefused(`Bearer ${changed}`);
    }),
    { numRuns: 20_000 },
  );
});
