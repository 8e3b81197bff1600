import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { serverJson } from "../src/commands/server-json/server-json.js";
import { run, runHere, type Variables } from "./doctor-scene/doctor-run.js";
import { listening, localClerk, protectedServer } from "./protected-server.js";
import { schemaProblems } from "./published-schemas.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PUBLIC = { BASE_URL: "https://mcp.example.com" };

const CONFIG = `import type { XmcpConfig } from "xmcp";
const config: XmcpConfig = {
  http: { endpoint: "/api/mcp" },
  template: { name: "Notes", description: \`Notes for people.\`, icons: [{ src: "https://a.example/i.png" }, { src: "./i.png" }] },
} satisfies XmcpConfig;
export default config;
`;
const middleware = (options: string) =>
  `import { clerkProvider } from "@xmcp-dev/clerk";\nexport default clerkProvider(${options});\n`;
const FILES = {
  "package.json": '{ "version": "1.4.0" }',
  "xmcp.config.ts": CONFIG,
  "src/middleware.ts": middleware("{ baseURL: process.env.BASE_URL }"),
};

const CARD = {
  name: "com.example/notes",
  version: "1.0.0",
  description: "Notes.",
  remotes: [{ type: "streamable-http", url: "https://mcp.example.com/mcp" }],
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function project(files: Readonly<Record<string, string | undefined>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "server-json-"));
  folders.push(folder);
  for (const [file, text] of Object.entries({ ...FILES, ...files })) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(ROOT, "node_modules/typescript"), join(folder, "node_modules/typescript"));
  return folder;
}

const described = (folder: string, args: readonly string[] = [], variables: Variables = PUBLIC) =>
  runHere(args, variables, (argv) => serverJson(argv, folder));

describe("server.json", () => {
  it("is valid, and says what the project says: endpoint, version, name and description", async () => {
    const { code, stdout, stderr } = await described(project());
    expect(code).toBe(0);
    const entry = JSON.parse(stdout);
    expect(schemaProblems("server-json", entry)).toEqual([]);
    expect(entry).toEqual({
      $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
      name: "com.example.mcp/mcp",
      title: "Notes",
      description: "Notes for people.",
      version: "1.4.0",
      icons: [{ src: "https://a.example/i.png" }],
      remotes: [{ type: "streamable-http", url: "https://mcp.example.com/api/mcp" }],
    });
    expect(stderr).toContain("mcp-publisher login dns --domain mcp.example.com");
    expect(stderr).toContain("mcp-publisher publish");
  });

  it("has the options of the middleware, and the name decides about the proof", async () => {
    const options = `{
      docsURL: "https://example.com/docs",
      serverCard: {
        name: "io.github.example/notes", title: "My notes", version: "2.0.0",
        repository: { url: "https://github.com/example/notes", source: "github" },
      },
    }`;
    const { stdout, stderr } = await described(project({ "src/middleware.ts": middleware(options) }));
    const entry = JSON.parse(stdout);
    expect(schemaProblems("server-json", entry)).toEqual([]);
    expect(entry).toMatchObject({
      name: "io.github.example/notes",
      title: "My notes",
      version: "2.0.0",
      websiteUrl: "https://example.com/docs",
      repository: { url: "https://github.com/example/notes", source: "github" },
    });
    expect(stderr).toContain("mcp-publisher login github");
  });

  it("is the same from the card of a running server", async () => {
    const clerk = await localClerk();
    const server = await protectedServer(clerk, {
      baseURL: "https://mcp.example.com",
      clerkDomain: "verb-noun-00.clerk.accounts.dev",
      apiUrl: "https://api.clerk.com",
      serverCard: { version: "1.4.0", title: "Notes", description: "Notes for people." },
    });
    const config = CONFIG.replace(/http:.*\n/, "http: true,\n").replace(/, icons.*\]/, "");
    const asked = await described(project(), ["--url", server.url], {});
    const read = await described(project({ "xmcp.config.ts": config }));
    expect(asked.stdout).toBe(read.stdout);
  });

  it("--write writes it, keeps what the file has besides, and changes nothing on a second run", async () => {
    const packages = [{ registryType: "npm", identifier: "notes", transport: { type: "stdio" } }];
    const folder = project({ "server.json": JSON.stringify({ version: "0.0.1", packages }) });
    const file = () => readFileSync(join(folder, "server.json"), "utf8");
    expect(await run(["server-json", "--write"], PUBLIC, folder)).toMatchObject({
      code: 0,
      stdout: "✔ server.json\n",
    });
    const written = file();
    expect(JSON.parse(written)).toMatchObject({ version: "1.4.0", packages });
    expect(schemaProblems("server-json", JSON.parse(written))).toEqual([]);
    await described(folder, ["--write"]);
    expect(file()).toBe(written);
  });

  it("--write follows no link out of the project", async () => {
    const [folder, outside] = [project(), project({ "server.json": "{}" })];
    symlinkSync(join(outside, "server.json"), join(folder, "server.json"));
    const { code, stderr } = await described(folder, ["--write"]);
    expect(code).toBe(1);
    expect(stderr).toContain("outside this folder");
    expect(readFileSync(join(outside, "server.json"), "utf8")).toBe("{}");
  });
});

describe("is refused with the reason and the fix:", () => {
  it.each<[string, Record<string, string | undefined>, Variables, RegExp]>([
    ["no BASE_URL", {}, {}, /BASE_URL is missing.*BASE_URL=https:/],
    ["a server on loopback", {}, { BASE_URL: "http://127.0.0.1:3001" }, /over https.*BASE_URL=https:/],
    ["http", {}, { BASE_URL: "http://mcp.example.com" }, /BASE_URL is missing, or is not an https origin/],
    ["https on loopback", {}, { BASE_URL: "https://localhost" }, /public servers/],
    ["no version", { "package.json": "{}" }, PUBLIC, /package\.json has no version/],
    ["a broken package.json", { "package.json": "{" }, PUBLIC, /not valid JSON/],
    ["a range as version", { "package.json": '{"version":"^1.0.0"}' }, PUBLIC, /version: an exact version/],
    ["no middleware", { "src/middleware.ts": undefined }, PUBLIC, /no src\/middleware\.ts.*--url/],
    [
      "serverCard: false",
      { "src/middleware.ts": middleware("{ serverCard: false }") },
      PUBLIC,
      /serverCard is false/,
    ],
    [
      "a wrong option",
      { "src/middleware.ts": middleware('{ serverCard: { name: "notes" } }') },
      PUBLIC,
      /serverCard → name in src\/middleware\.ts/,
    ],
    [
      "an option that is computed",
      { "src/middleware.ts": middleware("{ serverCard: { title: name() } }") },
      PUBLIC,
      /computes serverCard.*--url/,
    ],
    [
      "options that are spread",
      { "src/middleware.ts": middleware("{ ...options }") },
      PUBLIC,
      /computes what the card depends on.*--url/,
    ],
    ["an address", {}, { BASE_URL: "https://203.0.113.4" }, /203\.0\.113\.4 is not one/],
    ["a name of a local network", {}, { BASE_URL: "https://intranet" }, /intranet is not one/],
    [
      "a server.json with another name",
      { "server.json": '{ "name": "io.github.me/mine" }' },
      PUBLIC,
      /names the server io\.github\.me\/mine.*serverCard\.name/,
    ],
    ["another server.json", { "server.json": "[]" }, PUBLIC, /server\.json exists, but is not a JSON object/],
  ])("%s", async (_, files, variables, reason) => {
    const { code, stdout, stderr } = await described(project(files), ["--write"], variables);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(reason);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("a server without a card", async () => {
    const server = await protectedServer(await localClerk(), { serverCard: false });
    const { code, stderr } = await described(project(), ["--url", server.url]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("has no card (401)")]);
  });

  it.each([
    ["an empty object", {}],
    ["a card without a valid name", { ...CARD, name: "notes\u001b[31m" }],
    ["a card with another kind of address", { ...CARD, remotes: "https://mcp.example.com/mcp" }],
  ])("a server whose card is %s", async (_, card) => {
    const origin = await listening((_request, response) => response.end(JSON.stringify(card)));
    const { code, stdout, stderr } = await described(project(), ["--url", `${origin}/mcp`]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).not.toContain("\u001b");
  });

  it("no icon that the registry would refuse", async () => {
    const icons = [
      null,
      {},
      { src: 1 },
      { src: "data:image/png;base64,AA==" },
      { src: "https://a.example/i", sizes: 48 },
    ];
    const origin = await listening((_request, response) => response.end(JSON.stringify({ ...CARD, icons })));
    const { code, stdout } = await described(project(), ["--url", `${origin}/mcp`]);
    expect([code, schemaProblems("server-json", JSON.parse(stdout)), JSON.parse(stdout).icons]).toEqual([
      0,
      [],
      undefined,
    ]);
  });

  it("an unknown option, with exit code 2 and the usage", async () => {
    const { code, stderr } = await described(project(), ["--publish"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("Usage: npx @xmcp-dev/clerk server-json")]);
  });
});
