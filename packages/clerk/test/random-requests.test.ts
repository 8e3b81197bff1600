import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { rawRequest } from "./http-answer.js";
import { localClerk, protectedServer } from "./protected-server.js";

const clerk = await localClerk();
const server = await protectedServer(clerk);
const { access_token: good } = await clerk.mint({ resource: server.url });
const opaque = (await clerk.mint({ resource: server.url, format: "opaque" })).access_token;
expect((await server.call(good)).status).toBe(200);
server.reached.length = 0;

afterAll(() => expect(server.reached).toEqual([]));

/** Expects a refusal from the plugin: no access, and no server error. */
async function expectRefused(...authorization: string[]): Promise<void> {
  const { status, headers } = await rawRequest(
    server.origin,
    "/mcp",
    authorization.map((value) => ["Authorization", value] as const),
    "POST",
  );
  expect([400, 401]).toContain(status);
  expect(headers["www-authenticate"]).toMatch(/^Bearer /);
}

/** Characters that Node allows in a header value: visible ones, space, tab and the upper half of Latin-1. */
const headerValue = fc
  .array(
    fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff }), fc.constant(9)),
    {
      maxLength: 200,
    },
  )
  .map((codes) => String.fromCharCode(...codes));

const base64url = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString("base64url"));
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? "").toString("base64url");

describe("every request is refused, without a server error, with", () => {
  it("random header values", async () => {
    const values = fc.array(headerValue, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(values, (fields) => expectRefused(...fields)),
      { numRuns: 800 },
    );
  });

  it("random credentials after Bearer", async () => {
    await fc.assert(
      fc.asyncProperty(headerValue, (value) => expectRefused(`Bearer ${value}`)),
      { numRuns: 500 },
    );
  });

  it("a valid token with one character changed, removed or inserted", async () => {
    const edit = fc.record({
      at: fc.nat(good.length - 1),
      remove: fc.integer({ min: 0, max: 1 }),
      insert: fc.string({ minLength: 0, maxLength: 1, unit: fc.constantFrom(..."Aa0-_.+/=") }),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ at, remove, insert }) => {
        const changed = good.slice(0, at) + insert + good.slice(at + remove);
        fc.pre(!isSameToken(changed));
        await expectRefused(`Bearer ${changed}`);
      }),
      { numRuns: 800 },
    );
  });

  it("three random parts", async () => {
    const parts = fc.tuple(base64url, base64url, base64url).map((list) => list.join("."));
    await fc.assert(
      fc.asyncProperty(parts, (token) => expectRefused(`Bearer ${token}`)),
      { numRuns: 300 },
    );
  });

  it("random JSON as header and claims, with the signature of a valid token", async () => {
    const [head = "", body = "", signature = ""] = good.split(".");
    const kid = JSON.parse(Buffer.from(head, "base64url").toString()).kid;
    const header = fc.oneof(
      fc.jsonValue().map(encoded),
      fc.jsonValue().map((alg) => encoded({ alg, typ: "at+jwt", kid })),
      fc.jsonValue().map((crit) => encoded({ alg: "RS256", typ: "at+jwt", kid, crit })),
      fc.jsonValue().map((id) => encoded({ alg: "RS256", typ: "at+jwt", kid: id })),
      fc.constant(head),
    );
    const claims = fc.oneof(fc.jsonValue().map(encoded), fc.constant(body));
    await fc.assert(
      fc.asyncProperty(header, claims, async (first, second) => {
        fc.pre(first !== head || second !== body);
        await expectRefused(`Bearer ${first}.${second}.${signature}`);
      }),
      { numRuns: 500 },
    );
  });

  it("an opaque token with one character changed", async () => {
    const edit = fc.tuple(fc.nat(opaque.length - 1), fc.constantFrom(..."abcdef0123456789ZX_-./"));
    await fc.assert(
      fc.asyncProperty(edit, async ([at, character]) => {
        fc.pre(opaque[at] !== character);
        await expectRefused(`Bearer ${opaque.slice(0, at)}${character}${opaque.slice(at + 1)}`);
      }),
      { numRuns: 200 },
    );
  });
});

it("correctly signed random claims are accepted or refused, but never a server error", async () => {
  const claim = fc.constantFrom(
    "aud",
    "scope",
    "scp",
    "org_id",
    "jti",
    "nbf",
    "iat",
    "exp",
    "sub",
    "iss",
    "cnf",
    "client_id",
  );
  const separate = await protectedServer(clerk);
  await fc.assert(
    fc.asyncProperty(claim, fc.jsonValue(), async (name, value) => {
      const { access_token } = await clerk.mint({ resource: separate.url, claims: { [name]: value } });
      expect([200, 401]).toContain((await separate.call(access_token)).status);
    }),
    { numRuns: 300 },
  );
});

/** Decoders ignore some bits of the last base64url character, so a changed token can be the same bytes. */
function isSameToken(token: string): boolean {
  const bytes = (text: string) =>
    text.split(".").map((part) => Buffer.from(part, "base64url").toString("hex"));
  return bytes(token).join(".") === bytes(good).join(".");
}
