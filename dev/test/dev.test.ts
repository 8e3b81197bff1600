import { join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { expect, it } from "vitest";
import { eventually } from "./support/eventually.js";
import { start } from "./support/program.js";
import { standIn } from "./support/protected-template.js";
import { edit, templateCopy } from "./support/template.js";
import { callTool, post, toolCall } from "./support/tool-call.js";

it("xmcp dev picks up a changed tool and a changed middleware, and is never unprotected meanwhile", async () => {
  const cwd = await templateCopy();
  const clerk = await standIn();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const url = `${origin}/mcp`;
  const dev = start("xmcp", ["dev"], { cwd, env: { ...clerk.env, PORT: String(port), BASE_URL: origin } });
  await dev.printed(`MCP Server running on ${url}`);
  const { access_token: token } = await clerk.mint({ user: "ada", resource: url });

  const answersToStrangers = new Set<number>();
  /** The challenge; `undefined` while the server restarts. */
  const challenge = async () => {
    const response = await post(url, toolCall("whoami")).catch(() => undefined);
    if (response) answersToStrangers.add(response.status);
    return response?.headers.get("www-authenticate") ?? undefined;
  };
  const greeting = async () => {
    await challenge();
    const result = await callTool(url, token, "greet", { name: "World" }).catch(() => undefined);
    return result?.structuredContent?.greeting as string | undefined;
  };

  expect(await eventually("a greeting", greeting)).toMatch(/^Hello, World!/);
  await edit(join(cwd, "src/tools/greet.ts"), "Hello, ", "Good morning, ");
  await eventually("the new greeting", async () => (await greeting())?.startsWith("Good morning, World!"));

  expect(await challenge()).toContain('scope="profile email"');
  await edit(
    join(cwd, "src/middleware.ts"),
    '["profile", "email"]',
    '["profile", "email", "documents:read"]',
  );
  await eventually("the new scope in the challenge", async () =>
    (await challenge())?.includes('scope="profile email documents:read"'),
  );
  expect(await eventually("a greeting", greeting)).toMatch(/^Good morning, World!/);
  expect([...answersToStrangers]).toEqual([401]);
});
