import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "./support/program.js";
import { server, standIn } from "./support/protected-template.js";
import { buildQuickly, edit, templateCopy } from "./support/template.js";
import { callTool, post, toolCall } from "./support/tool-call.js";

it("a server built for another endpoint is protected there, and its challenge and metadata name it", async () => {
  const cwd = await templateCopy();
  await edit(join(cwd, "xmcp.config.ts"), 'endpoint: "/mcp"', 'endpoint: "/api/tools/"');
  await buildQuickly(cwd);
  const build = await run("xmcp", ["build"], { cwd });
  expect(build.code, build.output).toBe(0);
  const clerk = await standIn();
  const { origin } = await server(clerk.env, { cwd });
  const resource = `${origin}/api/tools`;
  const metadata = `${origin}/.well-known/oauth-protected-resource/api/tools`;

  for (const path of ["/api/tools", "/API/Tools", "/api/tools/", "/api/tools/x", "/mcp"]) {
    const response = await post(`${origin}${path}`, toolCall("whoami"));
    expect(response.status, path).toBe(401);
    expect(response.headers.get("www-authenticate"), path).toContain(`resource_metadata="${metadata}"`);
  }
  for (const url of [metadata, `${origin}/.well-known/oauth-protected-resource`]) {
    expect(await (await fetch(url)).json()).toMatchObject({ resource });
  }

  const right = await clerk.mint({ user: "ada", resource });
  expect(await callTool(resource, right.access_token, "whoami")).toHaveProperty("structuredContent.userId");
  const wrong = await clerk.mint({ user: "ada", resource: `${origin}/mcp` });
  const refused = await post(resource, toolCall("whoami"), { authorization: `Bearer ${wrong.access_token}` });
  expect(refused.status).toBe(401);
});
