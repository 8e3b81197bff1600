import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { violations } from "./support/axe.js";
import { launchChromium, newProfile } from "./support/chromium.js";
import { installedVersion } from "./support/clients-page.js";
import { ADD_MCP } from "./support/downloaded-clients.js";
import { run, start } from "./support/program.js";
import { protectedTemplate, server } from "./support/protected-template.js";
import { edit, templateCopy } from "./support/template.js";

const { clerk, mcp } = await protectedTemplate();
/** A public server. The page needs nothing of Clerk's. */
const PUBLIC = {
  CLERK_SECRET_KEY: "sk_test_1",
  CLERK_DOMAIN: "verb-noun-00.clerk.accounts.dev",
  BASE_URL: "https://mcp.example.com",
};
const published = await server(PUBLIC);
const browser = await launchChromium();

interface Look {
  readonly colorScheme?: "light" | "dark";
  readonly javaScriptEnabled?: boolean;
}

/** A build takes about ten seconds, and several times as long on a busy machine. */
const BUILDS = { timeout: 180_000 };

/** Loads the function in its folder, and passes every request to it. */
const AS_VERCEL_DOES = `
const handle = require("./index.js");
const server = require("node:http").createServer((request, response) => handle(request, response));
server.listen(0, "127.0.0.1", () => console.log("listening on http://127.0.0.1:" + server.address().port));
`;

/** Opens the page. @returns it, its network requests, and the browser's messages */
async function opened(origin: string, look: Look = {}) {
  const requested: string[] = [];
  const complaints: string[] = [];
  const context = await newProfile(browser, requested, { viewport: { width: 900, height: 800 }, ...look });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${origin}/`);
  return { page, requested, complaints };
}

const pastes = (page: Page): Promise<string[]> => page.locator("li code").allTextContents();

/** What the page's lines are for, on a public address and on loopback. */
function linesFor(url: string) {
  const servers = (entry: object) => `{ "mcpServers": { "xmcp-clerk": ${spaced(entry)} } }`;
  const spaced = (value: object) => JSON.stringify(value, null, 1).replace(/\n */g, " ");
  const onlyStarts = ["-y", `mcp-remote@${installedVersion("mcp-remote")}`, url];
  const common = (claude: string) => [
    `claude mcp add --transport http xmcp-clerk ${url}`,
    claude,
    url,
    `codex mcp add xmcp-clerk --url ${url}`,
    servers({ url }),
    `code --add-mcp '{"name":"xmcp-clerk","type":"http","url":"${url}"}'`,
    `npx -y add-mcp@${ADD_MCP.version} ${url} -n xmcp-clerk`,
  ];
  const more = [
    url,
    servers({ url }),
    `gemini mcp add -t http xmcp-clerk ${url}`,
    url,
    `opencode mcp add xmcp-clerk --url ${url}`,
    `{ "context_servers": { "xmcp-clerk": { "url": "${url}" } } }`,
    `npx @modelcontextprotocol/inspector --transport http --server-url ${url}`,
    `npx ${onlyStarts.join(" ")}`,
  ];
  return {
    public: [...common(url), ...more],
    loopback: [...common(servers({ command: "npx", args: onlyStarts })), ...more],
  };
}

it("the page has a line for each client, with the address from BASE_URL", async () => {
  const { page } = await opened(published.origin);
  expect(await pastes(page)).toEqual(linesFor("https://mcp.example.com/mcp").public);
});

it("on loopback, the page has a way in for each client, and says which cannot reach the server", async () => {
  const { page } = await opened(mcp.origin);
  expect(await pastes(page)).toEqual(linesFor(mcp.url).loopback);
  expect(await page.getByText("cannot reach this server").allTextContents()).toEqual([
    expect.stringContaining("Claude on the web"),
    expect.stringContaining("ChatGPT on the web"),
  ]);
  expect(await page.locator("main > .paste code").textContent()).toBe(mcp.url);
});

it("the links that add the server open the client with its name and address", async () => {
  const { page, complaints } = await opened(mcp.origin);
  await page.locator("summary").click();
  const opens = async (name: string, beginning: string): Promise<URL> => {
    const request = page.waitForRequest((asked) => asked.url().startsWith(beginning));
    await page.getByRole("link", { name }).click();
    return new URL((await request).url());
  };
  const cursor = await opens("Add to Cursor", "cursor://anysphere.cursor-deeplink/mcp/install?");
  expect(cursor.searchParams.get("name")).toBe("xmcp-clerk");
  expect(JSON.parse(atob(cursor.searchParams.get("config") ?? ""))).toEqual({ url: mcp.url });
  const vsCode = await opens("Add to VS Code", "vscode:mcp/install?");
  const server = { name: "xmcp-clerk", type: "http", url: mcp.url };
  expect(JSON.parse(decodeURIComponent(vsCode.search.slice(1)))).toEqual(server);
  const goose = await opens("Add to Goose", "goose://extension?");
  expect(Object.fromEntries(goose.searchParams)).toEqual({
    type: "streamable_http",
    url: mcp.url,
    id: "xmcp-clerk",
    name: "xmcp-clerk",
    description: "MCP server",
  });
  expect(complaints, "the page's policy allows them").toEqual([]);
});

it("the page says that nobody is signed in, and names no user, even with a token", async () => {
  const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url });
  const seen = await Promise.all(
    [{}, { authorization: `Bearer ${access_token}`, cookie: "__session=ada" }].map(async (headers) =>
      (await fetch(mcp.origin, { headers })).text(),
    ),
  );
  expect(seen[0]).toContain("You sign in from your client");
  expect(seen[1]).toBe(seen[0]);
  expect(seen[0]).not.toMatch(/user_|whoami|get-user-info|sk_test|@example/);
});

it.each(["POST", "PUT", "DELETE"])("%s is refused on the page's paths too", async (method) => {
  const statuses = ["/", "/index.html"].map(
    async (path) => (await fetch(mcp.origin + path, { method })).status,
  );
  expect(await Promise.all(statuses)).toEqual([401, 401]);
});

it("the page loads nothing from other origins, and its policy allows its own style and script", async () => {
  const { page, requested, complaints } = await opened(mcp.origin);
  expect(requested.filter((url) => !url.startsWith("data:"))).toEqual([`${mcp.origin}/`]);
  expect(complaints).toEqual([]);
  expect(await page.locator("main").evaluate((main) => getComputedStyle(main).maxWidth)).toBe("720px");
  const { headers } = await fetch(mcp.origin);
  expect(headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'; .*frame-ancestors 'none'$/,
  );
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

it("a button copies exactly the line beside it", async () => {
  const { page } = await opened(mcp.origin);
  await page.getByRole("button", { name: "Copy: for VS Code" }).click();
  await page.getByRole("status").getByText("Copied: for VS Code").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(`code --add-mcp '{"name":"xmcp-clerk","type":"http","url":"${mcp.url}"}'`);
});

it("the page is complete without JavaScript, and then has no buttons", async () => {
  const { page } = await opened(mcp.origin, { javaScriptEnabled: false });
  expect(await pastes(page)).toEqual(linesFor(mcp.url).loopback);
  expect(await page.locator("button").count()).toBe(0);
  await page.locator("summary").click();
  await page.getByRole("heading", { name: "Zed" }).waitFor();
});

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  it("the page follows the system's colour scheme, and axe finds no violation", async () => {
    const { page } = await opened(published.origin, { colorScheme });
    const background = await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
    expect(background).toBe(colorScheme === "light" ? "rgb(243, 243, 246)" : "rgb(18, 18, 23)");
    await page.locator("summary").click();
    expect(await violations(page)).toEqual([]);
  });

  it("the page fits a phone", async () => {
    const { page } = await opened(published.origin, { colorScheme });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.locator("summary").click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(await violations(page)).toEqual([]);
  });
});

it(
  "the page on Vercel has the endpoint, the name and the address of that server, all escaped",
  BUILDS,
  async () => {
    const cwd = await templateCopy();
    const config = join(cwd, "xmcp.config.ts");
    await edit(config, 'endpoint: "/mcp"', `endpoint: "/it's"`);
    await edit(config, 'name: "xmcp + Clerk"', 'name: "<b>Tea & Co</b>"');
    const build = await run("xmcp", ["build", "--vercel"], { cwd });
    expect(build.code, build.output).toBe(0);
    const folder = join(cwd, ".vercel/output/functions/api/index.func");
    const env = { ...PUBLIC, VERCEL: "1", BASE_URL: "https://tea.example.com" };
    const vercel = start("node", ["-e", AS_VERCEL_DOES], { cwd: folder, env });
    await vercel.printed("listening");
    const html = await (await fetch(/http:\S+/.exec(vercel.output())?.[0] ?? "")).text();
    expect(html).toContain("<title>&#60;b&#62;Tea &#38; Co&#60;/b&#62;</title>");
    expect(html).toContain(
      "claude mcp add --transport http b-tea-co-b &#39;https://tea.example.com/it&#39;\\&#39;&#39;s&#39;",
    );
    expect(html).not.toContain("<b>Tea");
  },
);

it("the page is replaced by the application's own home page", BUILDS, async () => {
  const cwd = await templateCopy();
  await edit(join(cwd, "xmcp.config.ts"), "template: {", 'template: { homePage: "<h1>Ours</h1>",');
  const build = await run("xmcp", ["build"], { cwd });
  expect(build.code, build.output).toBe(0);
  const { origin } = await server(clerk.env, { cwd });
  expect(await (await fetch(origin)).text()).toBe("<h1>Ours</h1>");
  expect((await fetch(`${origin}/index.html`)).status).toBe(401);
});
