import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import config from "../../xmcp.config.js";
import { BLOCKS, documentedJson, installedVersion, LOCAL_URL, PAGE } from "./support/clients-page.js";
import { ADD_MCP, CLAUDE_CODE, CODEX, OPENCODE } from "./support/downloaded-clients.js";
import { INSPECTOR_VERSION } from "./support/inspector.js";
import { ROOT } from "./support/template.js";

/** Commands that no test runs, because their program is not installed. The page says so in its table. */
const NOT_RUN = {
  "code --add-mcp": "VS Code",
  "cline mcp add": "Cline",
  "gemini mcp add": "Gemini CLI",
};

/** Commands whose programs are run by tests, some with exactly these arguments. */
const RUN = ["npx @modelcontextprotocol/inspector --", "npx -y mcp-remote@", "npx -y add-mcp@"];

/** Commands that `npm run test:clients` runs. */
const RUN_ON_REQUEST = ["claude mcp ", "codex mcp ", "opencode mcp "];

it("every file on the page is valid JSON, and names the template's server once", () => {
  const { host, port, endpoint } = config.http as { host: string; port: number; endpoint: string };
  expect(LOCAL_URL).toBe(`http://${host}:${port}${endpoint}`);
  const files = BLOCKS.filter(({ language }) => language === "json");
  expect(files.length).toBeGreaterThan(4);
  for (const { file } of files) {
    const addresses = JSON.stringify(documentedJson(file)).match(/https?:[^"]+/g);
    expect(addresses, file).toEqual([LOCAL_URL]);
  }
});

it.each([
  [".cursor/mcp.json", "mcpServers"],
  [".vscode/mcp.json", "servers"],
])("%s is the same on the page as in the template", (file, member) => {
  const servers = (content: unknown) => (content as Record<string, Record<string, unknown>>)[member];
  const text = readFileSync(join(ROOT, file), "utf8").replace(/^\s*\/\/.*$/gm, "");
  const shipped = servers(JSON.parse(text));
  expect(servers(documentedJson(file))).toEqual({ "xmcp-clerk": shipped?.["xmcp-clerk"] });
});

it("a test runs the program of every command on the page, or the page says that none does", () => {
  const commands = BLOCKS.filter(({ language }) => language === "sh").map(({ text }) => text);
  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) {
    const [, client] = Object.entries(NOT_RUN).find(([beginning]) => command.startsWith(beginning)) ?? [];
    if (client === undefined)
      expect([...RUN, ...RUN_ON_REQUEST].filter((beginning) => command.startsWith(beginning))).toHaveLength(
        1,
      );
    else
      expect(PAGE).toMatch(
        new RegExp(`^\\| \\[${client}\\].* \\| no test; from its documentation \\|$`, "m"),
      );
  }
});

it("the page says for each client whether it reaches a local address, as of when, and what drives it", () => {
  const [, table = ""] =
    /^\| client \| local address \| as of \|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(PAGE) ?? [];
  const rows = table
    .trim()
    .split("\n")
    .map((row) => row.slice(2, -2).split(" | "));
  expect(rows.length).toBeGreaterThan(15);
  for (const [client = "", , asOf = "", by = ""] of rows) {
    expect(asOf, client).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
    expect(by, client).not.toBe("");
  }
  const named = rows.map(([client = ""]) => /\[`?(.*?)`?\]/.exec(client)?.[1]);
  for (const client of ["ChatGPT on the web", "Codex", "Cursor", "VS Code", "Devin Desktop", "Zed", "Cline"])
    expect(named).toContain(client);
  expect(named).toEqual(expect.arrayContaining(["Gemini CLI", "Goose", "OpenCode", "Claude Code"]));
});

it("the page has the links of the home page's buttons by name", () => {
  const source = readFileSync(join(ROOT, "packages/clerk/src/response/home-page/install-links.ts"), "utf8");
  const buttons = [...source.matchAll(/text: "([^"]+)"/g)].map(([, text = ""]) => text);
  expect(buttons).toHaveLength(3);
  for (const text of buttons) expect(PAGE).toContain(`*${text}*`);
});

it("the page names the installed versions", () => {
  expect(PAGE).toContain(`[\`mcp-remote\`](#mcp-remote) ${installedVersion("mcp-remote")} `);
  expect(new Set(PAGE.match(/mcp-remote@[\d.]+/g))).toEqual(
    new Set([`mcp-remote@${installedVersion("mcp-remote")}`]),
  );
  expect(new Set(PAGE.match(/add-mcp@[\d.]+/g))).toEqual(new Set([`add-mcp@${ADD_MCP.version}`]));
  for (const { title, version } of [CLAUDE_CODE, CODEX, OPENCODE])
    expect(PAGE).toMatch(
      new RegExp(`^\\| \\[${title}\\]\\(#[a-z-]+\\) ${version} .* \\| \`npm run test:clients\` \\|$`, "m"),
    );
  expect(PAGE).toContain(`[Inspector](#inspector) ${INSPECTOR_VERSION} `);
  expect(PAGE).toContain(
    `v1 ${installedVersion("@modelcontextprotocol/sdk")}, v2 ${installedVersion("@modelcontextprotocol/client")} `,
  );
});
