import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rpc } from "../../../dev/test/support/tool-call.js";
import { APP, app, keyOf, tokenOf } from "./support/app.js";

const TOOLS = ["add", "delete-document", "export-documents", "generate-image", "get-documents", "user-info"];
const STAND_IN = /clerk-local|createClerkLocal|oidc-provider|local clerk – development/i;

interface ListedTool {
  name: string;
  description?: string;
  annotations?: {
    title?: string;
    readOnlyHint?: boolean;
    destructiveHint?: boolean;
    openWorldHint?: boolean;
  };
  outputSchema?: { type: string; properties?: Record<string, unknown> };
}

it("src/tools holds the six tools and nothing else", () => {
  expect(filesIn("src/tools").sort()).toEqual(TOOLS.map((name) => `src/tools/${name}.ts`));
});

it.each(filesIn("src/tools"))("%s is under 40 lines", (file) => {
  expect(read(file).trimEnd().split("\n").length).toBeLessThan(40);
});

it("the middleware is at most 25 lines", () => {
  expect(read("src/middleware.ts").trimEnd().split("\n").length).toBeLessThanOrEqual(25);
});

it.each([...filesIn("src").filter((file) => file.endsWith(".ts")), "dist/http.js"])(
  "%s has nothing of the local Clerk",
  (file) => {
    expect(read(file)).not.toMatch(STAND_IN);
  },
);

describe("tools/list shows what a sign-in could open, and hides the rest", async () => {
  const running = await app();
  const { clerk, mcp } = running;
  const base = ["profile", "email", "user:org:read"];
  const PEOPLE: [string, string, string[]][] = [
    [
      "Ada in Acme",
      await tokenOf(running, { user: "ada", organization: "acme", scopes: base }),
      ["add", "delete-document", "generate-image", "get-documents", "user-info"],
    ],
    [
      "Ada in Globex",
      await tokenOf(running, { user: "ada", organization: "globex", scopes: base }),
      ["add", "generate-image", "get-documents", "user-info"],
    ],
    [
      "Ada in no organization",
      await tokenOf(running, { user: "ada", scopes: base }),
      ["add", "generate-image", "user-info"],
    ],
    [
      "Bob in Acme",
      await tokenOf(running, { user: "bob", organization: "acme", scopes: base }),
      ["add", "get-documents", "user-info"],
    ],
    ["Acme's key", keyOf("acme"), ["add", "export-documents"]],
    ["a key of Bob's", clerk.apiKeys.create({ subject: "bob" }).secret, ["add"]],
  ];

  const listed = async (credential: string) => {
    const answer = await rpc(mcp.url, credential, { jsonrpc: "2.0", id: 1, method: "tools/list" });
    return (answer as { tools: ListedTool[] }).tools;
  };

  it.each(PEOPLE)("to %s", async (_who, credential, names) => {
    expect((await listed(credential)).map(({ name }) => name).sort()).toEqual(names);
  });

  it("each tool has a description, annotations and an output schema", async () => {
    const tools = [...(await listed(PEOPLE[0]?.[1] ?? "")), ...(await listed(keyOf("acme")))];
    expect([...new Set(tools.map(({ name }) => name))].sort()).toEqual(TOOLS);
    for (const { name, description, annotations, outputSchema } of tools) {
      expect(description, name).toEqual(expect.any(String));
      expect(annotations, name).toMatchObject({ title: expect.any(String), openWorldHint: false });
      expect(annotations?.readOnlyHint, name).toBe(name !== "delete-document");
      expect(Object.keys(outputSchema?.properties ?? {}), name).not.toEqual([]);
    }
    expect(tools.find(({ name }) => name === "delete-document")?.annotations?.destructiveHint).toBe(true);
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(join(APP, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((file) => file.includes(".", folder.length));
}

function read(file: string): string {
  return readFileSync(join(APP, file), "utf8");
}
