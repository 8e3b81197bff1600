import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ClerkLocal, MintOptions } from "@xmcp-dev/clerk-local";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { run, start } from "./support/program.js";
import { server, standIn, tokenFor } from "./support/protected-template.js";
import { signedInClient } from "./support/signed-in-client.js";
import { edit, emptyFolder, ROOT, templateCopy } from "./support/template.js";
import { callTool, post, rpc, toolCall } from "./support/tool-call.js";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const sources = (): string[] =>
  readdirSync(join(ROOT, "packages/clerk/src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => read(join("packages/clerk/src", file)));
const README = read("README.md");
/** Pages whose examples fit into one project. */
const GUIDES = [
  "start/quickstart",
  "build/tools-and-sessions",
  "build/prompts-resources-widgets",
  "build/public-tools-and-discovery",
];
const DOCS = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".md"),
);
const PAGES = [
  "README.md",
  ...DOCS.map((file) => `docs/${file}`),
  "packages/clerk/README.md",
  "packages/clerk-local/README.md",
];

interface Example {
  readonly file: string;
  readonly code: string;
}

/** Fenced code whose first line names the file it belongs in. */
function examples(text: string): Example[] {
  return [...text.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)].map(([, file = "", code = ""]) => ({
    file,
    code,
  }));
}

/** Builds the template with the examples in it, prompts and resources turned on. @returns its folder. */
async function builtWith(written: readonly Example[]): Promise<string> {
  const cwd = await templateCopy();
  await turnOnPromptsAndResources(cwd);
  await writeExamples(cwd, written);
  return built(cwd);
}

/** As docs/build/prompts-resources-widgets.md says. */
async function turnOnPromptsAndResources(cwd: string): Promise<void> {
  const paths =
    /^```ts\n(paths: .*),\n```$/m.exec(read("docs/build/prompts-resources-widgets.md"))?.[1] ?? "";
  for (const folder of ["prompts", "resources"]) await mkdir(join(cwd, "src", folder), { recursive: true });
  await edit(
    join(cwd, "xmcp.config.ts"),
    'paths: { tools: "./src/tools", prompts: false, resources: false }',
    paths,
  );
}

async function writeExamples(cwd: string, written: readonly Example[]): Promise<void> {
  for (const { file, code } of written.filter(({ file }) => !file.startsWith("examples/"))) {
    await mkdir(dirname(join(cwd, file)), { recursive: true });
    await writeFile(join(cwd, file), code);
  }
}

async function built(cwd: string): Promise<string> {
  const build = await run("xmcp", ["build"], { cwd });
  expect(build.code, build.output).toBe(0);
  return cwd;
}

/** Runs `xmcp dev`. @returns the server's address */
async function developed(cwd: string, clerk: ClerkLocal): Promise<string> {
  const port = String(await freePort());
  const BASE_URL = `http://127.0.0.1:${port}`;
  const dev = start("xmcp", ["dev"], { cwd, env: { ...clerk.env, PORT: port, BASE_URL } });
  await dev.printed(`MCP Server running on ${BASE_URL}/mcp`);
  return `${BASE_URL}/mcp`;
}

const [BEFORE = "", WHO_MAY_DO_WHAT = ""] = README.split("## Who may do what");

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = ""]) => found);
}

describe("the examples, built as written,", async () => {
  const pages = ["packages/clerk/README.md", ...GUIDES.map((page) => `docs/${page}.md`)];
  const cwd = await builtWith([...examples(BEFORE), ...pages.flatMap((page) => examples(read(page)))]);
  const clerk = await standIn();
  const mcp = await server(clerk.env, { cwd });
  const token = await tokenFor(clerk, mcp);
  const text = async (tool: string, args?: object) =>
    (await callTool(mcp.url, token, tool, args)).content[0]?.text;

  it("answer with what the session has", async () => {
    const { structuredContent } = await callTool(mcp.url, token, "hours-left");
    expect(structuredContent).toEqual({ hoursLeft: 24 });
    expect(await text("whoami")).toMatch(/^Ada \(user_\w+\), 2 organizations, active: none, profile email$/);
  });

  it("read and change what Clerk has of the user", async () => {
    const ada = clerk.users.get("ada");
    const note = await callTool(mcp.url, token, "add-note", { text: "Buy milk" });
    expect(note.structuredContent).toEqual({ author: ada.id, text: "Buy milk" });
    expect(await text("pick-card", { suit: "hearts" })).toMatch(/^Ada picked the \d+ of hearts\.$/);
    expect(await text("my-email")).toBe("ada@example.com");
    expect(await text("set-theme", { theme: "dark" })).toBe("Your theme is now dark.");
    expect(clerk.users.get("ada").publicMetadata).toMatchObject({ theme: "dark" });
    expect(await text("delete-note", { id: "1" })).toBe("Only its author can delete a note.");
    expect(await text("delete-note", { id: "2" })).toBe("Note 2 does not exist.");
  });

  it("are open to everyone where they are public, and only there", async () => {
    const called = await post(mcp.url, toolCall("opening-hours"));
    expect(await called.text()).toContain("Stranger, the shop is open");
    expect(await text("opening-hours")).toContain("Member, the shop is open");
    expect((await post(mcp.url, toolCall("hours-left"))).status).toBe(401);
  });

  it("are prompts and resources that know the caller", async () => {
    const params = { name: "plan-my-week", arguments: { goal: "rest" } };
    const prompt = await rpc(mcp.url, token, { jsonrpc: "2.0", id: 1, method: "prompts/get", params });
    expect(JSON.stringify(prompt)).toContain("Plan a week for Ada. The goal is: rest.");
    const note = { jsonrpc: "2.0", id: 1, method: "resources/read", params: { uri: "notes://7/text" } };
    await expect(rpc(mcp.url, token, note)).rejects.toThrow("HTTP 403");
    const member = await clerk.mint({ user: "ada", organization: "acme", resource: mcp.url });
    expect(JSON.stringify(await rpc(mcp.url, member.access_token, note))).toMatch(/Note 7 of org_/);
  });
});

it("the examples of rules allow and refuse the right callers", async () => {
  const pages = ["organizations", "access"].flatMap((page) => examples(read(`docs/build/${page}.md`)));
  const cwd = await builtWith([...pages, ...examples(WHO_MAY_DO_WHAT)]);
  const clerk = await standIn();
  const mcp = await server(clerk.env, { cwd });
  const tokenOf = async (user: string, more: MintOptions = {}): Promise<string> =>
    (await clerk.mint({ user, resource: mcp.url, ...more })).access_token;
  const statusOf = async (token: string, tool: string): Promise<number> => {
    const body = toolCall(tool, { name: "Ada", id: "doc_1", owner: "user_other" });
    return (await post(mcp.url, body, { authorization: `Bearer ${token}` })).status;
  };
  const del = (token: string, owner: string) =>
    callTool(mcp.url, token, "delete-document", { id: "doc_1", owner });

  const member = await tokenOf("bob", { organization: "acme" });
  const admin = await tokenOf("ada", { organization: "acme" });
  const outsider = await tokenOf("ada");
  const answers = {
    deleteAsMember: await statusOf(member, "delete-document"),
    deleteAsAdmin: (await del(admin, "user_other")).content[0]?.text,
    notesOfOutsider: await statusOf(outsider, "team-notes"),
    notesOfMember: (await callTool(mcp.url, member, "team-notes")).content[0]?.text,
    organizationsOfOutsider: await statusOf(outsider, "get-my-organizations"),
    organizationsOfMember: await statusOf(member, "get-my-organizations"),
    greetAsMember: await statusOf(member, "greet"),
    greetAsAdmin: (await callTool(mcp.url, admin, "greet", { name: "Ada" })).isError,
  };
  expect(answers).toEqual({
    deleteAsMember: 403,
    deleteAsAdmin: "Deleted doc_1.",
    notesOfOutsider: 403,
    notesOfMember: "Notes of acme. You cannot edit them.",
    organizationsOfOutsider: 403,
    organizationsOfMember: 200,
    greetAsMember: 403,
    greetAsAdmin: undefined,
  });

  clerk.organizations.defineRole("org:editor", ["org:documents:delete"]);
  clerk.organizations.addMember("acme", "grace", "org:editor");
  const editor = await tokenOf("grace", { organization: "acme" });
  expect((await del(editor, clerk.users.get("grace").id)).content[0]?.text).toBe("Deleted doc_1.");
  const { isError, content } = await del(editor, "user_other");
  expect({ isError, text: content[0]?.text }).toEqual({
    isError: true,
    text: "Only its owner or an administrator can delete a document.",
  });
});

it.each(["built", "in development"])(
  "a client that registers itself can use the README's example of rules, %s",
  async (how) => {
    const cwd = await templateCopy();
    await writeExamples(cwd, examples(WHO_MAY_DO_WHAT));
    const clerk = await standIn({ autoApprove: { user: "ada", organization: "acme" } });
    const url =
      how === "built"
        ? (await server(clerk.env, { cwd: await built(cwd) })).url
        : await developed(cwd, clerk);
    const client = await signedInClient(url);
    const tools = (await client.listTools()).tools.map(({ name }) => name);
    expect(tools.sort()).toEqual(["get-my-organizations", "get-user-info", "greet", "whoami"]);
    for (const name of ["get-my-organizations", "greet"]) {
      expect(await client.callTool({ name, arguments: { name: "Ada" } })).toHaveProperty("structuredContent");
    }
  },
);

it("the README names the two commands for a fresh machine", () => {
  for (const command of ["npm install && npm run demo", "npm install && npm test"])
    expect(README).toContain(command);
});

it.each(PAGES)("%s names scripts and files that exist", (page) => {
  const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);
  const named = matches(read(page), /npm run ((?!--prefix)[\w:-]+)/g);
  const maintainers = Object.keys((JSON.parse(read("dev/package.json")) as { scripts: object }).scripts);
  expect(maintainers).toEqual(expect.arrayContaining(matches(read(page), /npm run --prefix dev ([\w:-]+)/g)));
  expect(scripts).toEqual(expect.arrayContaining(named));
  const links = [
    ...matches(read(page), /\]\((?!https?:)([^)]+)/g),
    ...matches(read(page), /<img src="([^"]+)/g),
  ];
  expect(links.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
});

/** Whether the file of a link exists and has the heading that the link names. */
function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", heading] = link.split("#");
  const file = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, file))) return false;
  return (
    heading === undefined ||
    matches(read(file), /^#+ (.+)$/gm)
      .map(anchorOf)
      .includes(heading)
  );
}

/** The anchor that GitHub gives to a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

it("the index lists every page once", () => {
  const listed = matches(read("docs/README.md"), /^- \[[^\]]+\]\(([\w/-]+\.md)\): \S/gm);
  expect(listed.sort()).toEqual(DOCS.filter((file) => file !== "README.md").sort());
});

it("each test that the security page names exists", () => {
  const named = matches(read("docs/operate/security.md"), /`((?:clerk|dev\/test)\/[\w/-]+)`/g);
  const files = named.map((name) => name.replace(/^clerk\//, "packages/clerk/test/"));
  const isThere = (file: string) => [".test.ts", ".ts"].some((end) => existsSync(join(ROOT, file + end)));
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !isThere(file))).toEqual([]);
});

it("the reference matches the source (npm run --prefix dev docs:reference updates it)", async () => {
  const page = join(await emptyFolder(), "reference.md");
  await cp(join(ROOT, "docs/reference.md"), page);
  const { code, output } = await run("node", ["dev/scripts/docs/reference.mjs", page], { cwd: ROOT });
  expect(code, output).toBe(0);
  expect(read("docs/reference.md")).toBe(readFileSync(page, "utf8"));
});

it("the reference has every environment name that the plugin reads", () => {
  const environment = sources()
    .flatMap((text) => [
      ...matches(text, /"([A-Z][A-Z0-9]*_[A-Z0-9_]+)"/g),
      ...matches(text, /process\.env\W+([A-Z_]+)/g),
    ])
    .filter((name) => /^(CLERK|BASE|VERCEL|AWS|PORT|HOST)/.test(name));
  expect(environment.length).toBeGreaterThan(10);
  expect(environment.filter((name) => !read("docs/reference.md").includes(name))).toEqual([]);
});

it("troubleshooting has every message that a user can meet", () => {
  const troubleshooting = read("docs/operate/troubleshooting.md");
  const answers = matches(
    read("packages/clerk/src/response/refusal-response.ts"),
    /description: "([^";,]{12,})/g,
  );
  const printed = sources().flatMap((text) => matches(text, /\[Clerk\] ([A-Z][\w’' ]{12,})/g));
  const server = matches(
    read("packages/clerk/src/adapters/xmcp/serve.ts"),
    /["`]([A-Z]{3,} [^"`$]{5,}|There is[^"`]+|Port )/g,
  );
  const fixed = [...answers, ...printed, ...server.map((message) => message.trim())];
  expect(fixed.length).toBeGreaterThan(8);
  const cures = troubleshooting + read("docs/deploy/workers.md");
  expect(fixed.filter((message) => !cures.includes(message.slice(0, 24).trim()))).toEqual([]);
});
