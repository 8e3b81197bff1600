import { request as httpRequest } from "node:http";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { schemaProblems } from "../../../packages/clerk/test/published-schemas.js";
import type { Platform } from "../platforms/platform.js";
import { protectedTemplate, tokenFor } from "../support/protected-template.js";

const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const ACCEPT = "application/json, text/event-stream";

const message = (method: string, params: object = {}) => ({ jsonrpc: "2.0", id: 1, method, params });
const call = (name: string) => message("tools/call", { name, arguments: {} });
const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const CLOSED_CALL = JSON.stringify(call("closed"));

interface Sent {
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ways to ask for the closed tool, and the status of the answer. */
const WAYS: readonly (readonly [string, Sent, number])[] = [
  ["as it is", { body: CLOSED_CALL }, 403],
  ["after a byte order mark", { body: Buffer.concat([UTF8_BOM, Buffer.from(CLOSED_CALL)]) }, 400],
  [
    "after two byte order marks",
    { body: Buffer.concat([UTF8_BOM, UTF8_BOM, Buffer.from(CLOSED_CALL)]) },
    400,
  ],
  ["in UTF-16", { body: Buffer.from(`\ufeff${CLOSED_CALL}`, "utf16le") }, 400],
  [
    "in UTF-16, announced",
    {
      body: Buffer.from(CLOSED_CALL, "utf16le"),
      headers: { "content-type": "application/json; charset=utf-16le" },
    },
    415,
  ],
  [
    "in Latin-1, announced",
    { body: CLOSED_CALL, headers: { "content-type": "application/json; charset=iso-8859-1" } },
    415,
  ],
  [
    "with a charset behind blanks",
    { body: CLOSED_CALL, headers: { "content-type": "application/json; charset = utf-16" } },
    415,
  ],
  [
    "with two charsets",
    { body: CLOSED_CALL, headers: { "content-type": "application/json; charset=utf-8; charset=utf-16" } },
    415,
  ],
  ["with 5,000 nested lists", { body: CLOSED_CALL.replace("{}", `{"a":${nested(5_000)}}`) }, 400],
  ["as text", { body: CLOSED_CALL, headers: { "content-type": "text/plain" } }, 415],
  ["compressed", { body: gzipSync(CLOSED_CALL), headers: { "content-encoding": "gzip" } }, 415],
  ["after text that is no JSON", { body: `x${CLOSED_CALL}` }, 400],
  ["before text that is no JSON", { body: `${CLOSED_CALL}x` }, 400],
  [
    "with invalid UTF-8",
    { body: Buffer.concat([Buffer.from(CLOSED_CALL.slice(0, -1)), Buffer.from(',"a":"\xff"}', "latin1")]) },
    400,
  ],
  ["with an escaped name", { body: CLOSED_CALL.replace("closed", "cl\\u006fsed") }, 403],
  [
    "with its name twice, the last one closed",
    { body: CLOSED_CALL.replace('"name"', '"name":"greet","name"') },
    403,
  ],
  [
    "with an open name in its headers",
    { body: CLOSED_CALL, headers: { "mcp-name": "greet", "x-mcp-tool-name": "greet" } },
    403,
  ],
  ["in a batch", { body: `[${JSON.stringify(call("whoami"))},${CLOSED_CALL}]` }, 403],
  ["in a batch in a batch", { body: `[[${CLOSED_CALL}]]` }, 400],
  [
    "as a page",
    { body: JSON.stringify(message("resources/read", { uri: "ui://app/closed-page.html" })) },
    403,
  ],
  [
    "as a page, with capitals in the scheme",
    { body: JSON.stringify(message("resources/read", { uri: "UI://app/closed-page.html" })) },
    403,
  ],
  ["as a tool with a page", { body: JSON.stringify(call("closed-page")) }, 403],
  [
    "as an HTML resource",
    { body: JSON.stringify(message("resources/read", { uri: "docs://closed.html" })) },
    403,
  ],
  [
    "by subscription to a page",
    { body: JSON.stringify(message("resources/subscribe", { uri: "ui://app/closed-page.html" })) },
    403,
  ],
];

/** Two places of the server card, and two of the AI Catalog. */
const CARDS = [
  "/mcp/server-card",
  "/.well-known/mcp/server-card.json",
  "/.well-known/ai-catalog.json",
  "/.well-known/ard.json",
];

interface Document {
  readonly remotes?: readonly {
    readonly url: string;
    readonly supportedProtocolVersions: readonly string[];
  }[];
  readonly entries?: readonly { readonly url: string }[];
}

const PROTOCOL_VERSION = "2026-07-28";
const DISCOVER: Sent = {
  headers: { "mcp-protocol-version": PROTOCOL_VERSION, "mcp-method": "server/discover" },
  body: JSON.stringify(
    message("server/discover", {
      _meta: {
        "io.modelcontextprotocol/protocolVersion": PROTOCOL_VERSION,
        "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    }),
  ),
};

/** Nothing runs but what was judged, and nothing closed is shown. */
export async function whatRuns({ start, template, publicPages }: Platform): Promise<void> {
  const { clerk, mcp } = template ?? (await protectedTemplate({}, start));
  const token = await tokenFor(clerk, mcp);
  const send = async ({ body, headers }: Sent, credential: string | undefined = token) => {
    const response = await fetch(mcp.url, {
      method: "POST",
      headers: {
        accept: ACCEPT,
        "content-type": "application/json",
        ...(credential !== "" && { authorization: `Bearer ${credential}` }),
        ...headers,
      },
      body: typeof body === "string" ? body : Uint8Array.from(body),
    });
    return { response, text: await response.text() };
  };
  const sendJson = (body: unknown) => send({ body: JSON.stringify(body) });

  it.each(WAYS)("a closed tool, page or resource does not run: %s", async (_, sent, status) => {
    const { response, text } = await send(sent);
    expect(response.status, text).toBe(status);
    expect(text).not.toContain("CLOSED RAN");
    expect(text).not.toMatch(/<html|\n\s+at /i);
    expect(mcp.output()).not.toContain("CLOSED RAN");
  });

  it.each([
    ["-32700", "{", -32700],
    ["-32700 for an empty text", " ", -32700],
    ["-32600 for a number", "1", -32600],
    ["-32600 for null", "null", -32600],
    ["-32600 for an empty batch", "[]", -32600],
  ])("a body that is no message is answered %s", async (_, body, code) => {
    const { response, text } = await send({ body });
    expect(response.status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ jsonrpc: "2.0", id: null, error: { code } });
  });

  it.each(["{", "[]", "", CLOSED_CALL])("without a token, the body %j is not read: 401", async (body) => {
    expect((await send({ body }, "")).response.status).toBe(401);
  });

  it.each(["tools/list", "resources/list"])("%s shows what is open, and nothing closed", async (method) => {
    const { response, text } = await sendJson(message(method));
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toContain("private");
    expect(text).toContain("open-page");
    expect(text).not.toContain("closed");
  });

  it("a list that is asked for again is the same but for its id", async () => {
    const listed = async (id: string | number, method: string) =>
      (await send({ body: JSON.stringify({ ...message(method), id }) })).text;
    for (const method of ["tools/list", "prompts/list"]) {
      const first = await listed(1, method);
      expect(await listed('"2', method)).toBe(first.replace('"id":1', '"id":"\\"2"'));
      expect(await listed(1, method)).toBe(first);
    }
  });

  it("a message that is no list request is refused, also after the list was given", async () => {
    const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    expect((await sendJson(list)).text).toContain("open-page");
    const wrong = [{ jsonrpc: "1.0" }, { jsonrpc: undefined }, { result: {} }, { id: 1.5 }, { params: null }];
    for (const part of wrong) {
      const first = await sendJson({ ...list, ...part });
      expect(first.response.status, JSON.stringify(part)).toBe(400);
      expect(first.text).not.toContain("open-page");
    }
  });

  if (publicPages.includes("/health"))
    it("an address that is not the server's is answered 404", async () => {
      for (const path of ["/mcp/x", "/MCP", "/mcp/", "/other"]) {
        const response = await fetch(mcp.origin + path, {
          method: "POST",
          headers: { accept: ACCEPT, "content-type": "application/json", authorization: `Bearer ${token}` },
          body: JSON.stringify(call("docs:delete")),
        });
        expect([response.status, await response.json()], path).toEqual([404, { error: "Not found" }]);
      }
    });

  it.each([
    ["a tool", call("docs:delete"), "ODD RAN"],
    ["a tool with a page", call("open-page"), "ui://app/open-page.html"],
    ["a page", message("resources/read", { uri: "ui://app/open-page.html" }), "OPEN RAN"],
    ["a resource", message("resources/read", { uri: "docs://open" }), "OPEN RAN"],
  ])("what is open runs: %s", async (_, body, expected) => {
    expect((await sendJson(body)).text).toContain(expected);
  });

  it("naming the page of a tool does not count as a call of the tool", async () => {
    const uri = "ui://app/open-page.html";
    const uses = [
      message("resources/subscribe", { uri }),
      message("resources/unsubscribe", { uri }),
      message("completion/complete", {
        ref: { type: "ref/resource", uri },
        argument: { name: "a", value: "" },
      }),
    ];
    const recorded = (name: string) => mcp.output().split(`"name":"${name}"`).length - 1;
    /** Events are written later, in order. */
    const recordedSoFar = async () => {
      const before = recorded("docs:delete");
      await sendJson(call("docs:delete"));
      await expect.poll(() => recorded("docs:delete")).toBeGreaterThan(before);
      return recorded("open-page");
    };
    const before = await recordedSoFar();
    for (const use of uses) await sendJson(use);
    expect(await recordedSoFar()).toBe(before);
    await sendJson(message("resources/read", { uri }));
    expect(await recordedSoFar()).toBe(before + 1);
  });

  it("a call whose caller hangs up is recorded once", async () => {
    const recorded = () => mcp.output().split('"name":"get-user-info"').length - 1;
    const before = recorded();
    clerk.faults({ path: "/v1/users/*", latencyMs: 1_000 });
    const hangUp = new AbortController();
    const answer = fetch(mcp.url, {
      method: "POST",
      headers: { accept: ACCEPT, "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify([
        call("get-user-info"),
        { ...message("tools/call", { name: "marked", arguments: { mark: "hung-up" } }), id: 2 },
      ]),
      signal: hangUp.signal,
    });
    answer.then((response) => response.text()).catch(() => {});
    await expect.poll(mcp.output).toContain("RAN tool hung-up");
    hangUp.abort();
    await expect.poll(recorded, { timeout: 8_000 }).toBe(before + 1);
    clerk.faults();
  });

  it("values nested 400 deep run", async () => {
    const { response, text } = await send({
      body: JSON.stringify(call("docs:delete")).replace("{}", `{"a":${nested(400)}}`),
    });
    expect([response.status, text]).toEqual([200, expect.stringContaining("ODD RAN")]);
  });

  it.each(["GET", "HEAD", "DELETE"])("%s with a body is answered 405", async (method) => {
    const body = JSON.stringify(call("docs:delete"));
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        accept: ACCEPT,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      };
      httpRequest(mcp.url, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end(body);
    });
    expect(status).toBe(405);
  });

  it("a tool sees no token", async () => {
    const { text } = await sendJson(call("seen-headers"));
    expect(text).toContain("content-type");
    expect(text).not.toContain(token);
    expect(text.toLowerCase()).not.toContain("authorization");
  });

  it.each(['x\n{"type":"tool","name":"forged"}\n', "x\r\u001b[31m", "x\u2028y", "näme", "名前"])(
    "a tool's name cannot begin a line of the log, or break the server: %j",
    async (name) => {
      const { response } = await sendJson(call(name));
      expect(response.status).toBeLessThan(500);
      expect(mcp.output()).not.toMatch(/^\{"type":"tool","name":"forged"/m);
      expect(mcp.output()).not.toContain("\u001b[31m");
    },
  );

  it("GET with an empty chunked body is answered as without one", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, "transfer-encoding": "chunked", accept: ACCEPT };
      httpRequest(mcp.url, { method: "GET", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(405);
  });

  it("a preflight allows every method and header of MCP", async () => {
    const { status, headers } = await fetch(mcp.url, {
      method: "OPTIONS",
      headers: {
        origin: "https://app.example",
        "access-control-request-method": "DELETE",
        "access-control-request-headers": "mcp-param-city",
      },
    });
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-methods")).toContain("DELETE");
    for (const name of ["Authorization", "Last-Event-ID", "Mcp-Session-Id", "mcp-param-city"])
      expect(headers.get("access-control-allow-headers")?.toLowerCase()).toContain(name.toLowerCase());
  });

  it("the server card and the catalog are valid, and agree with server/discover", async () => {
    const documents = await Promise.all(
      CARDS.map(async (path) => {
        const response = await fetch(mcp.origin + path);
        return [response.status, (await response.json()) as Document] as const;
      }),
    );
    expect(documents.map(([status]) => status)).toEqual(CARDS.map(() => 200));
    const [card, atXmcpsPath, catalog, alias] = documents.map(([, document]) => document);
    if (card?.remotes === undefined || catalog?.entries === undefined)
      throw new Error("A document is missing");
    expect(schemaProblems("server-card", card)).toEqual([]);
    for (const schema of ["ai-catalog", "ard-0.9", "ard-0.91"] as const)
      expect(schemaProblems(schema, catalog)).toEqual([]);
    expect(atXmcpsPath).toEqual(card);
    expect(alias).toEqual(catalog);
    expect(catalog.entries[0]?.url).toBe(`${mcp.url}/server-card`);

    const resultOf = ({ text }: { text: string }) =>
      JSON.parse(text.replace(/^[\s\S]*?(?=\{)/, "").trim()).result;
    const told = resultOf(await send(DISCOVER));
    const { name, version, description } = told._meta["io.modelcontextprotocol/serverInfo"];
    const supportedVersions: string[] = told.supportedVersions;
    expect(card).toMatchObject({ title: name, version, description });
    const [remote] = card.remotes;
    expect(remote?.url).toBe(mcp.url);
    const versions = remote?.supportedProtocolVersions ?? [];
    expect(versions).toEqual(expect.arrayContaining(supportedVersions));
    for (const protocolVersion of versions.filter((each) => !supportedVersions.includes(each))) {
      const clientInfo = { name: "test", version: "1" };
      const opened = await sendJson(message("initialize", { protocolVersion, capabilities: {}, clientInfo }));
      expect(resultOf(opened).protocolVersion).toBe(protocolVersion);
    }
  });

  it.each(CARDS)("%s has the address of the server, not of the request", async (path) => {
    const text = await new Promise<string>((resolve, reject) => {
      httpRequest(mcp.origin + path, { headers: { host: "evil.example" } }, async (response) => {
        let received = "";
        for await (const chunk of response) received += chunk;
        resolve(received);
      })
        .on("error", reject)
        .end();
    });
    expect(text).not.toContain("evil.example");
  });
}
