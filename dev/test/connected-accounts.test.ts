/** Accounts at other providers: callers without any, lists, and Workers. The whole round: examples/connected-accounts. */
import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClerkProviderOptions } from "@xmcp-dev/clerk";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { beforeAll, describe, expect, it } from "vitest";
import { workers } from "./platforms/platform.js";
import { run } from "./support/program.js";
import { type Server, server, standIn } from "./support/protected-template.js";
import { buildQuickly, ROOT, templateCopy } from "./support/template.js";
import { callTool, post, rpc, toolCall } from "./support/tool-call.js";

const MIDDLEWARE = `import { clerkProvider } from "@xmcp-dev/clerk";

export default clerkProvider(JSON.parse(process.env.OPTIONS ?? "{}"));
`;

const cwd = await templateCopy();
for (const part of ["src", "xmcp.config.ts"]) {
  await rm(join(cwd, part), { recursive: true });
  await cp(join(ROOT, "examples/connected-accounts", part), join(cwd, part), { recursive: true });
}
await writeFile(join(cwd, "src/middleware.ts"), MIDDLEWARE);
await buildQuickly(cwd);
const built = await run("xmcp", ["build"], { cwd });
if (built.code !== 0) throw new Error(built.output);
const onWorkers = await workers(cwd);

const MACHINES = { id: "mch_thisserver", name: "this-server" };

async function started(options: ClerkProviderOptions, start: (env: object) => Promise<Server>) {
  const clerk = await standIn();
  clerk.machines.create(MACHINES);
  const GITHUB_API_URL = `${clerk.issuer}/providers/github`;
  const mcp = await start({ ...clerk.env, GITHUB_API_URL, OPTIONS: JSON.stringify(options) });
  return { clerk, mcp };
}
const onNode = (env: object) => server(env, { cwd });

const connect = (clerk: ClerkLocal, user: string) =>
  clerk.connectedAccounts.connect({ user, provider: "github" });
const mint = async (clerk: ClerkLocal, mcp: Server, user: string) =>
  (await clerk.mint({ user, resource: mcp.url })).access_token;

describe("a caller that is no user", async () => {
  const accepts = ["oauth_token", "api_key", "m2m_token"] as const;
  const { clerk, mcp } = await started({ accepts: [...accepts], machineId: MACHINES.id }, onNode);
  connect(clerk, "ada");
  clerk.machines.create({ name: "cron", scopedMachines: [MACHINES.id] });
  const credentials = {
    "an API key": clerk.apiKeys.create({ subject: "ada" }).secret,
    "a machine": (await clerk.machines.token("cron")).token,
  };

  it.each(Object.entries(credentials))(
    "%s is told that only users have accounts",
    async (_name, credential) => {
      clerk.requests({ reset: true });
      const result = await callTool(mcp.url, credential, "list-repositories");
      expect(result).toMatchObject({
        isError: true,
        content: [
          { text: expect.stringMatching(/^Only signed-in users have connected accounts; the caller is /) },
        ],
      });
      const refused = await post(mcp.url, toolCall("latest-repository"), {
        authorization: `Bearer ${credential}`,
      });
      expect(refused.status).toBe(403);
      expect(await refused.json()).toMatchObject({
        error_description: expect.stringContaining("a signed-in user, who connects accounts"),
      });
      expect(clerk.requests().filter(({ path }) => path.includes("oauth_access_tokens"))).toEqual([]);
    },
  );
});

describe.each([
  ["Node", onNode],
  ["Workers", onWorkers.start],
] as const)("on %s", async (_name, start) => {
  const lists = "allowed";
  const plain = await started({ access: { lists } }, start);
  const strict = await started({ access: { lists, connectionsInLists: true } }, start);
  const tokens = { ada: "", bob: "" };
  const page = `${plain.clerk.issuer}/user`;
  beforeAll(async () => {
    connect(plain.clerk, "ada");
    tokens.ada = await mint(plain.clerk, plain.mcp, "ada");
    tokens.bob = await mint(plain.clerk, plain.mcp, "bob");
  });
  const namesIn = async (mcp: Server, token: string) => {
    const listed = await rpc(mcp.url, token, { jsonrpc: "2.0", id: 1, method: "tools/list" });
    return (listed as { tools: { name: string }[] }).tools.map(({ name }) => name).sort();
  };

  it("a tool acts with its user's account", async () => {
    const { structuredContent } = await callTool(plain.mcp.url, tokens.ada, "list-repositories");
    expect(structuredContent).toMatchObject({ repositories: [{ name: "ada/analytical-engine" }, {}, {}] });
  });

  it.each(["list-repositories", "latest-repository"])(
    "%s asks by its result (MCP 2026-07-28), and by a text without the capability",
    async (name) => {
      const ask = async (capabilities: object) => {
        const _meta = {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
          "io.modelcontextprotocol/clientCapabilities": capabilities,
        };
        const call = toolCall(name);
        const answer = await post(
          plain.mcp.url,
          { ...call, params: { ...call.params, _meta } },
          {
            authorization: `Bearer ${tokens.bob}`,
            "mcp-protocol-version": "2026-07-28",
            "mcp-method": "tools/call",
            "mcp-name": name,
          },
        );
        const text = await answer.text();
        return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
      };
      const { result } = await ask({ elicitation: { url: {} } });
      expect(result).toMatchObject({
        resultType: "input_required",
        inputRequests: {
          connect_github: { method: "elicitation/create", params: { mode: "url", url: page } },
        },
      });
      expect((await ask({})).result).toMatchObject({
        isError: true,
        content: [{ text: expect.stringContaining(page) }],
      });
    },
  );

  it("lists have what needs an account; with connectionsInLists, only once it is connected", async () => {
    const both = ["latest-repository", "list-repositories"];
    plain.clerk.requests({ reset: true });
    expect(await namesIn(plain.mcp, tokens.bob)).toEqual(both);
    const asked = plain.clerk.requests().filter(({ path }) => path.includes("oauth_access_tokens"));
    expect(asked).toEqual([]);
    const token = await mint(strict.clerk, strict.mcp, "bob");
    expect(await namesIn(strict.mcp, token)).toEqual(["list-repositories"]);
    connect(strict.clerk, "bob");
    expect(await namesIn(strict.mcp, token)).toEqual(both);
  });
});
