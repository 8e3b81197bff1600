import { beforeEach, describe, expect, it } from "vitest";
import { rawRequest } from "./http-answer.js";
import { localClerk, protectedServer } from "./protected-server.js";

const clerk = await localClerk();
const server = await protectedServer(clerk);
const { access_token: token } = await clerk.mint({ resource: server.url });

const error = (body: string): string => JSON.parse(body).error;
const send = (...values: string[]) =>
  rawRequest(
    server.origin,
    "/mcp",
    values.map((value) => ["Authorization", value] as const),
  );

beforeEach(() => {
  server.reached.length = 0;
});

describe("a token is accepted", () => {
  it.each([
    ["in the usual form", `Bearer ${token}`],
    ["with the scheme in lower case", `bearer ${token}`],
    ["with the scheme in capitals", `BEARER ${token}`],
    ["after several spaces", `Bearer    ${token}`],
    ["before spaces", `Bearer ${token}  `],
  ])("%s", async (_, value) => {
    expect((await send(value)).status).toBe(200);
    expect(server.reached).toEqual(["/mcp"]);
  });
});

describe("no credential is found in", () => {
  it.each([
    ["an empty header", ""],
    ["another scheme", "Basic dXNlcjpwYXNz"],
    ["a scheme that only begins like Bearer", `Bearers ${token}`],
    ["Bearer without a token", "Bearer"],
    ["Bearer and a space", "Bearer "],
    ["a token without a scheme", token],
    ["a tab after the scheme", `Bearer\t${token}`],
    ["DPoP", `DPoP ${token}`],
    ["Basic first, Bearer joined to it", `Basic dXNlcg==, Bearer ${token}`],
  ])("%s", async (_, value) => {
    const { status, headers, body } = await send(value);
    expect(status).toBe(401);
    expect(headers["www-authenticate"]).not.toContain("error=");
    expect(error(body)).toBe("unauthorized");
    expect(server.reached).toEqual([]);
  });

  it.each([
    ["the query", `/mcp?access_token=${token}`, []],
    ["a cookie", "/mcp", [["Cookie", `__session=${token}; access_token=${token}`]]],
    ["another header", "/mcp", [["X-Authorization", `Bearer ${token}`]]],
    ["the header for a proxy", "/mcp", [["Proxy-Authorization", `Bearer ${token}`]]],
  ] as const)("%s", async (_, path, headers) => {
    const answer = await rawRequest(server.origin, path, headers);
    expect(answer.status).toBe(401);
    expect(error(answer.body)).toBe("unauthorized");
    expect(server.reached).toEqual([]);
  });
});

describe("two credentials make the request invalid:", () => {
  it.each([
    ["the same header twice", [`Bearer ${token}`, `Bearer ${token}`]],
    ["Bearer and Basic", [`Bearer ${token}`, "Basic dXNlcg=="]],
    ["Basic and Bearer", ["Basic dXNlcg==", `Bearer ${token}`]],
    ["an empty one first", ["", `Bearer ${token}`]],
    ["joined by a comma", [`Bearer ${token}, Bearer ${token}`]],
    ["joined by a comma without a space", [`Bearer ${token},${token}`]],
  ])("%s", async (_, values) => {
    const { status, headers, body } = await send(...values);
    expect(status).toBe(400);
    expect(headers["www-authenticate"]).toMatch(/^Bearer error="invalid_request", /);
    expect(error(body)).toBe("invalid_request");
    expect(server.reached).toEqual([]);
  });

  it.each([
    ["a second one in the query", "/mcp?access_token=x"],
    ["an empty one in the query", "/mcp?access_token"],
    ["an encoded one in the query", "/mcp?a=1&access%5Ftoken=x"],
    ["one after a second question mark", "/mcp?a?&access_token=x"],
  ])("%s", async (_, path) => {
    const { status, body } = await rawRequest(server.origin, path, [["aUTHORIZATION", `Bearer ${token}`]]);
    expect(status).toBe(400);
    expect(error(body)).toBe("invalid_request");
    expect(server.reached).toEqual([]);
  });
});

describe("a bad token is refused:", () => {
  it.each([
    ["too long", `Bearer ${"a".repeat(9_000)}`],
    ["a JWT that is too long", `Bearer ${token}${"A".repeat(9_000)}`],
    ["two words", `Bearer ${token} ${token}`],
    ["quoted", `Bearer "${token}"`],
    ["beyond ASCII", `Bearer ${token}é`],
    ["with a percent sign", `Bearer ${token}%00`],
    ["one part", "Bearer abc"],
    ["two parts", "Bearer abc.def"],
    ["four parts", `Bearer ${token}.x`],
    ["five parts, encrypted", "Bearer a.b.c.d.e"],
    ["three empty parts", "Bearer ..."],
    ["an API key, which is not enabled", "Bearer ak_0123456789abcdef0123456789abcdef"],
    ["a machine's token, which is not enabled", "Bearer mt_0123456789abcdef0123456789abcdef"],
    ["a secret key", `Bearer ${clerk.secretKey}`],
    ["an opaque token with a path in it", "Bearer oat_0123456789abcdef/../../users"],
    ["an opaque token in capitals", "Bearer OAT_0123456789abcdef0123456789abcdef"],
  ])("%s", async (_, value) => {
    clerk.requests({ reset: true });
    const { status, headers, body } = await send(value);
    expect(status).toBe(401);
    expect(headers["www-authenticate"]).toMatch(/^Bearer error="invalid_token", /);
    expect(error(body)).toBe("invalid_token");
    expect(server.reached).toEqual([]);
    expect(clerk.requests()).toEqual([]);
  });
});

describe("a credential may have up to 8,192 characters", () => {
  it.each([
    ["a", 8_192, "token_malformed"],
    ["a", 8_193, "token_too_long"],
    ["%", 8_192, "token_malformed"],
    ["%", 8_193, "token_too_long"],
  ])("%s, %i times, is refused as %s", async (character, length, reason) => {
    expect((await send(`Bearer ${character.repeat(length)}`)).status).toBe(401);
    expect(server.events.at(-1)).toMatchObject({ type: "deny", reason });
  });
});

describe("a long header without a credential", () => {
  const BLANKS = " ".repeat(15_000);

  it.each([
    ["blanks between two words", `Bearer x${BLANKS}y`],
    ["blanks before a word", `${BLANKS}Bearer${BLANKS}é`],
    ["equals signs before a word", `Bearer ${"=".repeat(15_000)} x`],
    ["many words", `Bearer${" x".repeat(7_500)}`],
  ])("is refused in linear time: %s", { timeout: 5_000 }, async (_, value) => {
    // With quadratic parsing, this many requests take twice the time-out.
    for (let count = 0; count < 60; count += 1) expect([400, 401]).toContain((await send(value)).status);
    expect(server.reached).toEqual([]);
  });
});
