import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import config from "../../xmcp.config.js";
import { BLOCKS, documentedJson, LOCAL_URL, PAGE } from "./support/clients-page.js";
import { INSPECTOR_VERSION } from "./support/inspector.js";
import { ROOT } from "./support/template.js";

/** Commands that no test runs, because their program is not installed. The page says so in its table. */
const NOT_RUN = { "claude mcp add": "Claude Code", "code --add-mcp": "VS Code" };

/** Commands whose programs are run by tests, some with exactly these arguments. */
const RUN = ["npx @modelcontextprotocol/inspector --", "npx -y mcp-remote@"];

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
  const shipped = servers(JSON.parse(readFileSync(join(ROOT, file), "utf8")));
  expect(servers(documentedJson(file))).toEqual({ "xmcp-clerk": shipped?.["xmcp-clerk"] });
});

it("a test runs the program of every command on the page, or the page says that none does", () => {
  const commands = BLOCKS.filter(({ language }) => language === "sh").map(({ text }) => text);
  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) {
    const [, client] = Object.entries(NOT_RUN).find(([beginning]) => command.startsWith(beginning)) ?? [];
    if (client === undefined)
      expect(RUN.filter((beginning) => command.startsWith(beginning))).toHaveLength(1);
    else
      expect(PAGE).toMatch(
        new RegExp(`^\\| \\[${client}\\].* \\| no test; from its documentation \\|$`, "m"),
      );
  }
});

it("the page names the installed versions", () => {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const version = (name: string) => devDependencies[name];
  expect(PAGE).toContain(`[\`mcp-remote\`](#mcp-remote) ${version("mcp-remote")} `);
  expect(new Set(PAGE.match(/mcp-remote@[\d.]+/g))).toEqual(new Set([`mcp-remote@${version("mcp-remote")}`]));
  expect(PAGE).toContain(`[Inspector](#inspector) ${INSPECTOR_VERSION} `);
  expect(PAGE).toContain(
    `v1 ${version("@modelcontextprotocol/sdk")}, v2 ${version("@modelcontextprotocol/client")} `,
  );
});
