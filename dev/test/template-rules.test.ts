import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { protectedTemplate, tokenFor } from "./support/protected-template.js";
import { ROOT, SERVER } from "./support/template.js";
import { rpc } from "./support/tool-call.js";

const TOOLS = ["get-my-organizations", "get-user-info", "greet", "whoami"];
const STAND_IN = /clerk-local|createClerkLocal|oidc-provider|local clerk – development/i;

interface ListedTool {
  name: string;
  description?: string;
  annotations?: Record<string, unknown>;
  inputSchema: { type: string; properties?: Record<string, unknown> };
  outputSchema?: { type: string; properties?: Record<string, unknown> };
}

it("src/tools has the four tools", () => {
  expect(filesBelow("src/tools")).toEqual(
    expect.arrayContaining(TOOLS.map((name) => `src/tools/${name}.ts`)),
  );
});

it.each(filesBelow("src/tools"))("%s is under 40 lines", (file) => {
  expect(linesOf(file)).toBeLessThan(40);
});

it("the middleware is under 15 lines", () => {
  expect(linesOf("src/middleware.ts")).toBeLessThan(15);
});

describe("the list of tools for a client", async () => {
  const { clerk, mcp } = await protectedTemplate();
  const token = await tokenFor(clerk, mcp);
  const { tools } = (await rpc(mcp.url, token, { jsonrpc: "2.0", id: 1, method: "tools/list" })) as {
    tools: ListedTool[];
  };

  it("has the four tools", () => {
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(TOOLS));
  });

  it.each(tools)("has a description, annotations and an output schema for $name", (tool) => {
    expect(tool.description).toEqual(expect.any(String));
    expect(tool.annotations).toEqual({
      title: expect.any(String),
      readOnlyHint: true,
      idempotentHint: true,
      openWorldHint: false,
    });
    expect(tool.inputSchema.type).toBe("object");
    expect(tool.outputSchema?.type).toBe("object");
    expect(Object.keys(tool.outputSchema?.properties ?? {})).not.toEqual([]);
  });
});

describe("the local Clerk stays out of production:", () => {
  // The commands write and read what belongs to the local Clerk. No server imports them.
  const sources = filesBelow("packages/clerk/src").filter(
    (file) => !file.startsWith("packages/clerk/src/commands/"),
  );

  it("no source file of the template or the plugin names it", () => {
    const files = [...filesBelow("src"), ...sources];
    expect(files).toEqual(
      expect.arrayContaining(["src/middleware.ts", "packages/clerk/src/clerk-provider.ts"]),
    );
    const mentioning = files.filter((file) => STAND_IN.test(readFileSync(join(ROOT, file), "utf8")));
    expect(mentioning).toEqual([]);
  });

  it("the built server does not contain it", () => {
    expect(readFileSync(SERVER, "utf8")).not.toMatch(STAND_IN);
  });

  it("it is only a development dependency", () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    expect(manifest.dependencies).not.toHaveProperty("@xmcp-dev/clerk-local");
    expect(manifest.devDependencies).toHaveProperty("@xmcp-dev/clerk-local");
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(ROOT.length + 1)
        .replaceAll("\\", "/"),
    );
}

function linesOf(file: string): number {
  return readFileSync(join(ROOT, file), "utf8").trimEnd().split("\n").length;
}
