import { describe, expect, it } from "vitest";
import type { ServerCardOptions } from "../src/index.js";
import { readSettings } from "../src/options/settings.js";
import { aiCatalog } from "../src/response/discovery/ai-catalog.js";
import { type ServerCard, type ServerInfo, serverCard } from "../src/response/discovery/server-card.js";
import { withClerk } from "../src/with-clerk.js";
import { rawRequest } from "./http-answer.js";
import { localClerk, optionsFor, protectedServer } from "./protected-server.js";
import { schemaProblems } from "./published-schemas.js";

const CARDS = ["/mcp/server-card", "/.well-known/mcp/server-card.json"];
const CATALOGS = ["/.well-known/ai-catalog.json", "/.well-known/ard.json"];
const ALL = [...CARDS, ...CATALOGS];
const OPTIONS: ServerCardOptions = { version: "1.2.0", title: "Notes", description: "Notes for people." };

const clerk = await localClerk();
const server = await protectedServer(clerk, { serverCard: OPTIONS });

/** The card of a server at this address. */
function cardOf(
  baseURL: string,
  info: ServerInfo = { version: "1.0.0" },
  chosen: ServerCardOptions = {},
): ServerCard {
  const environment = { CLERK_SECRET_KEY: "sk_test_a", CLERK_DOMAIN: "verb-noun-00.clerk.accounts.dev" };
  const card = serverCard(readSettings({ baseURL, serverCard: chosen }, environment), info);
  if (card === undefined) throw new Error("There is no card");
  return card;
}

function problemsOf(card: ServerCard): string[] {
  const catalog = aiCatalog(card, `${card.remotes[0].url}/server-card`);
  return [
    ...schemaProblems("server-card", card),
    ...(["ai-catalog", "ard-0.9", "ard-0.91"] as const).flatMap((name) => schemaProblems(name, catalog)),
  ];
}

describe("the documents", () => {
  it.each(CARDS)("%s is a valid card with the server's own address", async (path) => {
    const response = await server.fetch(path);
    expect(response.headers.get("content-type")).toBe("application/mcp-server-card+json");
    const card = await response.json();
    expect(schemaProblems("server-card", card)).toEqual([]);
    expect(card).toEqual({
      $schema: "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json",
      name: "localhost/mcp",
      version: "1.2.0",
      title: "Notes",
      description: "Notes for people.",
      remotes: [{ type: "streamable-http", url: server.url, supportedProtocolVersions: expect.any(Array) }],
    });
  });

  it.each(CATALOGS)("%s is a valid catalog that leads to the card", async (path) => {
    const response = await server.fetch(path);
    expect(response.headers.get("content-type")).toBe("application/ai-catalog+json");
    const catalog = (await response.json()) as { entries: { type: string; url: string }[] };
    for (const schema of ["ai-catalog", "ard-0.9", "ard-0.91"] as const)
      expect(schemaProblems(schema, catalog)).toEqual([]);
    const [entry] = catalog.entries;
    expect(entry).toMatchObject({ identifier: "urn:air:localhost:mcp:mcp", displayName: "Notes" });
    const card = await fetch(String(entry?.url), { headers: { accept: String(entry?.type) } });
    expect(card.headers.get("content-type")).toBe(entry?.type);
  });

  it.each(ALL)("%s is public, readable by pages of any origin, and may be cached", async (path) => {
    const { status, headers } = await server.fetch(path, "wrong", {
      headers: { origin: "https://a.example" },
    });
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET",
      "access-control-allow-headers": "Content-Type, If-None-Match",
      "access-control-expose-headers": "ETag",
      "cache-control": "public, max-age=3600",
      etag: expect.stringMatching(/^"[!#-~]{20,}"$/),
    });
  });

  it.each(ALL)("%s answers HEAD, and what has not changed with 304", async (path) => {
    const get = await server.fetch(path);
    const head = await server.fetch(path, undefined, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    for (const name of ["content-length", "content-type", "etag"])
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    const etag = String(get.headers.get("etag"));
    for (const [tags, status] of [
      [etag, 304],
      [`W/${etag}`, 304],
      [`"other", ${etag}`, 304],
      ["*", 304],
      ['"other"', 200],
      ["", 200],
    ] as const) {
      const again = await server.fetch(path, undefined, { headers: { "if-none-match": tags } });
      expect([tags, again.status]).toEqual([tags, status]);
      expect(again.headers.get("etag")).toBe(etag);
      expect(again.headers.get("access-control-allow-origin")).toBe("*");
      if (status === 304)
        expect([await again.text(), again.headers.get("content-length")]).toEqual(["", null]);
    }
  });

  it.each(ALL)("%s answers a preflight, and no other method", async (path) => {
    const headers = { origin: "https://a.example", "access-control-request-method": "GET" };
    const preflight = await server.fetch(path, undefined, { method: "OPTIONS", headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("Content-Type, If-None-Match");
    for (const method of ["POST", "PUT", "DELETE"]) {
      const refused = await server.fetch(path, undefined, { method });
      expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    }
    expect(server.reached).toEqual([]);
  });

  it.each(ALL)("%s takes no address from the request", async (path) => {
    const poisoned = ["Host", "X-Forwarded-Host", "Forwarded"].map(
      (name) => [name, name === "Forwarded" ? "host=evil.example" : "evil.example"] as const,
    );
    const response = await rawRequest(server.origin, path, poisoned);
    expect(response.status).toBe(200);
    expect(response.body).not.toContain("evil.example");
  });

  it("follow the endpoint", async () => {
    for (const [endpoint, path] of [
      ["/api/tools/", "/api/tools/server-card"],
      ["/", "/server-card"],
    ] as const) {
      const other = await protectedServer(clerk, { endpoint, serverCard: OPTIONS });
      const catalog = (await (await other.fetch("/.well-known/ai-catalog.json")).json()) as {
        entries: [{ url: string }];
      };
      expect(catalog.entries[0].url).toBe(`${other.origin}${path}`);
      expect((await other.fetch(path)).status).toBe(200);
      expect((await other.fetch("/mcp/server-card")).status).toBe(401);
    }
  });

  it("are served behind withClerk, 304 included", async () => {
    const handler = withClerk(async () => new Response("behind"), {
      ...optionsFor(clerk),
      baseURL: "http://127.0.0.1:3001",
      serverCard: OPTIONS,
    });
    for (const path of ALL) {
      const ask = (init?: RequestInit) => handler(new Request(`http://127.0.0.1:3001${path}`, init));
      const response = await ask();
      expect(response.status).toBe(200);
      const etag = String(response.headers.get("etag"));
      expect((await ask({ headers: { "if-none-match": etag } })).status).toBe(304);
      expect((await ask({ method: "OPTIONS" })).status).toBe(204);
    }
  });
});

describe("there are none, and a token is needed,", () => {
  it.each([
    ["with serverCard: false", { serverCard: false }],
    ["where nothing states a version", { serverCard: { title: "Notes" } }],
  ] as const)("%s", async (_, options) => {
    const other = await protectedServer(clerk, options);
    for (const path of ALL) expect((await other.fetch(path)).status).toBe(401);
  });

  it("at a path in publicPaths: the app's own is served", async () => {
    const [own = "", ard = ""] = CATALOGS;
    const other = await protectedServer(clerk, { serverCard: OPTIONS, publicPaths: [own] });
    expect(await (await other.fetch(own)).json()).toEqual({ passed: true });
    expect(await (await other.fetch(ard)).json()).toHaveProperty("entries");
  });
});

describe("a card is valid", () => {
  it.each([
    ["http://127.0.0.1:3001", "localhost/mcp", "urn:air:localhost:mcp:mcp"],
    ["http://[::1]:3001", "localhost/mcp", "urn:air:localhost:mcp:mcp"],
    ["https://mcp.example.com", "com.example.mcp/mcp", "urn:air:mcp.example.com:mcp:mcp"],
    ["https://my_host.example.com.", "com.example.my-host/mcp", "urn:air:my-host.example.com:mcp:mcp"],
    ["https://b\u00fccher.example", "example.xn--bcher-kva/mcp", "urn:air:xn--bcher-kva.example:mcp:mcp"],
    ["https://203.0.113.7:8443", "7.113.0.203/mcp", "urn:air:203.0.113.7:mcp:mcp"],
    ["https://[2001:db8::1]", "2001-db8-1/mcp", "urn:air:2001-db8-1:mcp:mcp"],
  ])("at %s, as %s", (baseURL, name, identifier) => {
    const card = cardOf(baseURL);
    expect(card.name).toBe(name);
    expect(aiCatalog(card, baseURL)).toMatchObject({ entries: [{ identifier }] });
    expect(problemsOf(card)).toEqual([]);
  });

  it("at a very long host", () => {
    const card = cardOf(`https://${"very-long-label.".repeat(15)}example`);
    expect(problemsOf(card)).toEqual([]);
  });

  const LONG =
    "Searches, reads and files the notes of everybody in your organization, in every language that people write in.";
  it.each([
    ["short", "Notes.", "Notes."],
    ["of 100 characters", "x".repeat(100), "x".repeat(100)],
    [
      "that is too long",
      LONG,
      "Searches, reads and files the notes of everybody in your organization, in every language that…",
    ],
    ["of one word", "x".repeat(101), `${"x".repeat(99)}…`],
    ["of characters outside the BMP", "😀".repeat(120), `${"😀".repeat(99)}…`],
    ["of several lines", "Notes\n  for\tpeople.", "Notes for people."],
    ["that is empty", "", "An MCP server that people sign in to with Clerk."],
  ])("with a description %s", (_, description, expected) => {
    const card = cardOf("https://a.example", { version: "1.0.0", description, name: description });
    expect(card.description).toBe(expected);
    expect(problemsOf(card)).toEqual([]);
  });

  it("with icons: those that have an address, without members of other specifications", () => {
    const icon = { src: "https://a.example/i.png", mimeType: "image/png", sizes: ["48x48"], purpose: "any" };
    const card = cardOf("https://a.example", {
      version: "1.0.0",
      icons: [icon, { src: "./missing.png" }, { src: "data:image/png;base64,AA==", theme: "dark" }],
    });
    const { purpose: _, ...published } = icon;
    expect(card.icons).toEqual([published, { src: "data:image/png;base64,AA==", theme: "dark" }]);
    expect(problemsOf(card)).toEqual([]);
  });

  it("with everything chosen, which takes precedence", () => {
    const chosen: ServerCardOptions = {
      name: "com.example/notes",
      title: "Notes",
      description: "Notes for people.",
      version: "2.0.0-rc.1",
      websiteUrl: "https://example.com/notes",
      repository: { url: "https://github.com/example/notes", source: "github", subfolder: "server" },
    };
    const card = cardOf("https://mcp.example.com", { name: "a", version: "1.0.0", description: "b" }, chosen);
    expect(card).toMatchObject(chosen);
    expect(aiCatalog(card, "https://mcp.example.com")).toMatchObject({
      entries: [{ identifier: "urn:air:example.com:mcp:notes" }],
    });
    expect(problemsOf(card)).toEqual([]);
  });
});

describe("serverCard is refused at the start, with the reason, if", () => {
  it.each<[string, object | boolean | string, string]>([
    ["it is true", true, "option serverCard: false, or an object"],
    ["a member is misspelt", { nmae: "a/b" }, "there is no member nmae"],
    ["the name has no slash", { name: "notes" }, "serverCard → name"],
    ["the name has two", { name: "com.example/notes/2" }, "serverCard → name"],
    ["the name ends with a dot", { name: "com.example/notes." }, "serverCard → name"],
    ["the description is too long", { description: "x".repeat(101) }, "serverCard → description"],
    ["the title is empty", { title: " " }, "serverCard → title"],
    ...["latest", "^1.2.3", ">=1.2.3", "1.x", "1.*", "1.2.3 || 2", ""].map(
      (version) =>
        [`the version is "${version}"`, { version }, "serverCard → version"] as [string, object, string],
    ),
    ["the page is no web page", { websiteUrl: "javascript:alert(1)" }, "serverCard → websiteUrl"],
    [
      "the repository has no source",
      { repository: { url: "https://a.example" } },
      "serverCard → repository → source",
    ],
  ])("%s", (_, chosen, reason) => {
    const options = { baseURL: "https://a.example", serverCard: chosen as ServerCardOptions };
    const environment = { CLERK_SECRET_KEY: "sk_test_a", CLERK_DOMAIN: "a.clerk.accounts.dev" };
    expect(() => readSettings(options, environment)).toThrow(reason);
  });
});
