import { type ClerkProviderOptions, getSession } from "@xmcp-dev/clerk";
import { describe, expect, it, vi } from "vitest";
import { localClerk, protectedServer } from "./protected-server.js";

const clerk = await localClerk();
const server = await protectedServer(clerk, {}, () => getSession());
const { url: resource } = server;
const now = (): number => Math.floor(Date.now() / 1000);

describe("a token is accepted with", () => {
  it.each([
    ["aud as a string", { aud: resource }],
    ["aud as a list that names this server", { aud: ["https://other.example/mcp", resource] }],
    ["no scope", { scope: undefined }],
    ["an empty scope", { scope: "" }],
    ["no jti", { jti: undefined }],
    ["a fractional exp", { exp: now() + 60.5 }],
    ["unknown claims", { "https://example.com/x": [{ y: 1 }], role: "admin" }],
  ])("%s", async (_, claims) => {
    const { access_token } = await clerk.mint({ resource, claims });
    expect((await server.call(access_token)).status).toBe(200);
  });

  it.each([
    ["at+jwt in capitals", { typ: "AT+JWT" }],
    ["the full media type", { typ: "application/at+jwt" }],
  ])("typ as %s", async (_, header) => {
    const { access_token } = await clerk.mint({ resource, header });
    expect((await server.call(access_token)).status).toBe(200);
  });

  it.each([
    ["scope as one string", { scope: "profile  email " }],
    ["scp as a list", { scope: undefined, scp: ["profile", "email"] }],
    ["scope as a list", { scope: ["profile", "email"] }],
  ])("%s", async (_, claims) => {
    const { access_token } = await clerk.mint({ resource, claims });
    expect(await (await server.call(access_token)).json()).toMatchObject({ scopes: ["profile", "email"] });
  });
});

describe("for an endpoint at the root, an empty path and / are the same audience (RFC 3986 section 6.2.3):", () => {
  const BASE = "http://127.0.0.1:3001";
  const cases: [audience: string | string[], status: number][] = [
    [BASE, 200],
    [`${BASE}/`, 200],
    [[`${BASE}/`, "https://other.example"], 200],
    [["https://other.example", BASE], 200],
    [`${BASE}//`, 401],
    [`${BASE}/mcp`, 401],
    [`${BASE}/?`, 401],
    [`${BASE}#`, 401],
    ["http://127.0.0.1:3002/", 401],
    ["http://127.0.0.1/", 401],
    ["https://127.0.0.1:3001/", 401],
    ["", 401],
    ["/", 401],
  ];

  it.each(
    cases.flatMap(([audience, status]) =>
      (["/", "//"] as const).flatMap((endpoint) =>
        (["jwt", "opaque"] as const).map((format) => ({ audience, status, endpoint, format })),
      ),
    ),
  )("$audience: $status ($endpoint, $format)", async ({ audience, status, endpoint, format }) => {
    const atRoot = await protectedServer(clerk, { endpoint, baseURL: BASE });
    const { access_token } = await clerk.mint(
      format === "jwt" ? { claims: { aud: audience } } : { resource: audience, format },
    );
    expect((await atRoot.fetch("/", access_token)).status).toBe(status);
  });

  it.each(["/", ""])("a base URL that ends with %j is the same", async (end) => {
    const atRoot = await protectedServer(clerk, { endpoint: "/", baseURL: `${BASE}${end}` });
    for (const resource of [BASE, `${BASE}/`])
      expect((await atRoot.fetch("/", (await clerk.mint({ resource })).access_token)).status).toBe(200);
  });
});

it.each(["/", "//", "/x", "?", "#"])("elsewhere, an audience with %j at its end is another", async (end) => {
  const { access_token } = await clerk.mint({ resource: `${resource}${end}` });
  expect((await server.call(access_token)).status).toBe(401);
});

it("with audience: when-present a token without aud is accepted with exactly one warning", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  const lenient = await protectedServer(clerk, { audience: "when-present" });
  const { tokens } = await clerk.mint({ count: 3 });
  for (const token of tokens) expect((await lenient.call(token)).status).toBe(200);
  expect(warned.mock.calls).toEqual([
    [expect.stringMatching(/accepted.*Include audience.*resource.*CLERK_AUDIENCE/)],
  ]);
});

describe("clocks may differ by the tolerance and no more", () => {
  const status = async (options: ClerkProviderOptions, claims: Record<string, number>): Promise<number> => {
    const tolerant = await protectedServer(clerk, options);
    const { access_token } = await clerk.mint({ resource: tolerant.url, claims });
    return (await tolerant.call(access_token)).status;
  };

  // Two seconds of margin, because time passes before the server checks the token.
  it.each([
    ["expired within it", {}, { exp: -3 }, 200],
    ["expired beyond it", {}, { exp: -5 }, 401],
    ["not yet valid within it", {}, { nbf: 5 }, 200],
    ["not yet valid beyond it", {}, { nbf: 8 }, 401],
    ["issued ahead within it", {}, { iat: 5 }, 200],
    ["issued ahead beyond it", {}, { iat: 8 }, 401],
    ["expired, with no tolerance", { clockTolerance: 0 }, { exp: 0 }, 401],
    ["expired, with a tolerance of a minute", { clockTolerance: 60 }, { exp: -55 }, 200],
  ])("%s", async (_, options, offsets: Record<string, number>, expected) => {
    const claims = Object.fromEntries(
      Object.entries(offsets).map(([name, offset]) => [name, now() + offset]),
    );
    expect(await status(options, claims)).toBe(expected);
  });
});
