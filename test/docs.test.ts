import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { run } from "./support/program.js";
import { server, standIn, tokenFor } from "./support/protected-template.js";
import { ROOT, templateCopy } from "./support/template.js";
import { callTool } from "./support/tool-call.js";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const sources = (): string[] =>
  readdirSync(join(ROOT, "packages/clerk/src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => read(join("packages/clerk/src", file)));
const README = read("README.md");
const REFERENCE = read("docs/reference.md");
const PAGES = [
  "README.md",
  "docs/reference.md",
  "docs/security.md",
  "docs/conformance.md",
  "docs/third-party-conformance.md",
  "packages/clerk/README.md",
  "packages/clerk-local/README.md",
];

/** Fenced code whose first line names the file it belongs in. */
function examples(page: string): { file: string; code: string }[] {
  return [...read(page).matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)].map(([, file = "", code = ""]) => ({
    file,
    code,
  }));
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = ""]) => found);
}

it("the examples build and work as they are written", async () => {
  const cwd = await templateCopy();
  for (const { file, code } of [...examples("README.md"), ...examples("packages/clerk/README.md")]) {
    await mkdir(dirname(join(cwd, file)), { recursive: true });
    await writeFile(join(cwd, file), code);
  }
  const build = await run("node", ["scripts/build.mjs"], { cwd });
  expect(build.code, build.output).toBe(0);

  const clerk = await standIn();
  const mcp = await server(clerk.env, { cwd });
  const token = await tokenFor(clerk, mcp);
  const { structuredContent } = await callTool(mcp.url, token, "hours-left");
  expect(structuredContent).toEqual({ hoursLeft: 24 });
  const { content } = await callTool(mcp.url, token, "whoami");
  expect(content[0]?.text).toMatch(/^Ada \(user_\w+\), 2 organizations, active: none, profile email$/);
});

it.each(PAGES)("%s names scripts and files that exist", (page) => {
  const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);
  const named = matches(read(page), /npm run ([\w:-]+)/g);
  expect(scripts).toEqual(expect.arrayContaining(named));
  const links = matches(read(page), /\]\((?!https?:|#)([^)#]+)/g);
  expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
});

it("each test that the security page names is there", () => {
  const named = matches(read("docs/security.md"), /`((?:clerk|test)\/[\w/-]+)`/g);
  const files = named.map((name) => name.replace(/^clerk\//, "packages/clerk/test/"));
  const isThere = (file: string) => [".test.ts", ".ts"].some((end) => existsSync(join(ROOT, file + end)));
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !isThere(file))).toEqual([]);
});

it("the reference has every option, environment name, reason and event", () => {
  const source = (file: string) => read(`packages/clerk/src/${file}`);
  const options = matches(source("configuration/options.ts"), /^ {2}readonly (\w+)\??:/gm);
  const environment = sources()
    .flatMap((text) => [
      ...matches(text, /"([A-Z][A-Z0-9]*_[A-Z0-9_]+)"/g),
      ...matches(text, /process\.env\W+([A-Z_]+)/g),
    ])
    .filter((name) => /^(CLERK|BASE|VERCEL|AWS|PORT|HOST)/.test(name));
  const reasons = matches(source("refusal.ts"), /^ {2}(\w+): "\w+",$/gm);
  const eventTypes = matches(source("events.ts"), /readonly type: "(\w+)"/g);
  const names = [...options, ...environment, ...reasons, ...eventTypes];
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name) => !REFERENCE.includes(name))).toEqual([]);
});

it("troubleshooting has every message that a user can meet", () => {
  const answers = matches(read("packages/clerk/src/refusal-response.ts"), /description: "([^";,]{12,})/g);
  const printed = sources().flatMap((text) => matches(text, /\[Clerk\] ([A-Z][\w’' ]{12,})/g));
  const server = matches(
    read("packages/clerk/src/xmcp/serve.ts"),
    /["`]([A-Z]{3,} [^"`$]{5,}|There is[^"`]+|Port )/g,
  );
  const fixed = [...answers, ...printed, ...server.map((message) => message.trim())];
  expect(fixed.length).toBeGreaterThan(8);
  expect(fixed.filter((message) => !README.includes(message.slice(0, 24).trim()))).toEqual([]);
});
