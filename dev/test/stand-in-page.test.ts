import { join } from "node:path";
import { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { launchChromium, newProfile } from "./support/chromium.js";
import { eventually } from "./support/eventually.js";
import { run } from "./support/program.js";
import { protectedTemplate, server, standIn, tokenFor } from "./support/protected-template.js";
import { signedInClient } from "./support/signed-in-client.js";
import { buildQuickly, edit, templateCopy } from "./support/template.js";
import { post, toolCall } from "./support/tool-call.js";

const browser = await launchChromium();

/** As docs/build/organizations.md says: a new role counts within a minute. The rest is for a busy machine. */
const LONGEST_MS = 75_000;

async function opened(url: string): Promise<Page> {
  const page = await (await newProfile(browser, [])).newPage();
  await page.goto(url);
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
  return page;
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

it("a new role, given on the local Clerk's page, changes a connected client's list of tools within a minute", {
  timeout: 3 * LONGEST_MS,
}, async () => {
  const cwd = await templateCopy();
  const scopes = `scopes: ["profile", "email", "user:org:read"],
  access: { tools: { greet: { role: "org:admin" } } },`;
  await edit(join(cwd, "src/middleware.ts"), 'scopes: ["profile", "email"],', scopes);
  await buildQuickly(cwd);
  const build = await run("xmcp", ["build"], { cwd });
  expect(build.code, build.output).toBe(0);
  const clerk = await standIn({ autoApprove: { user: "bob", organization: "acme" } });
  const mcp = await server(clerk.env, { cwd });
  const client = await signedInClient(mcp.url, new HeadlessSignIn({ name: "Bob's client" }));
  const tools = async () => (await client.listTools()).tools.map(({ name }) => name);
  expect(await tools()).not.toContain("greet");

  const page = await opened(clerk.issuer);
  await page.locator("#clients").getByText("Bob's client").waitFor();
  await page.getByLabel("Role of Bob Babbage in Acme", { exact: true }).selectOption("org:admin");
  await press(page, "Save the role of Bob Babbage in Acme");
  await page.getByText("bob is org:admin in Acme now.").waitFor();
  await expect.poll(tools, { timeout: LONGEST_MS, interval: 500 }).toContain("greet");
  expect((await client.callTool({ name: "greet", arguments: { name: "Bob" } })).isError).toBeFalsy();
});

it("“Clerk is down” makes the server answer 503 to a new token, “Clerk works” ends it, and a token can be revoked", async () => {
  const { clerk, mcp } = await protectedTemplate({ tokenFormat: "opaque" });
  const page = await opened(clerk.issuer);
  const [ada, bob] = [await tokenFor(clerk, mcp, "ada"), await tokenFor(clerk, mcp, "bob")];
  const status = async (token: string) =>
    (await post(mcp.url, toolCall("whoami"), { authorization: `Bearer ${token}` })).status;

  await press(page, "Clerk is down");
  await page.getByText("Every request gets 503.").waitFor();
  expect(await status(ada)).toBe(503);
  await page.locator("#request-rows tr", { hasText: "503" }).first().waitFor();

  await press(page, "Clerk works");
  await page.getByText("No fault is active.").waitFor();
  await eventually("the token is accepted", async () => (await status(ada)) === 200, 15_000);
  await page.locator("#request-rows tr", { hasText: "200" }).first().waitFor();

  await page.getByRole("row", { name: "Bob Babbage" }).getByRole("button").click();
  await page.getByText("Revoked.").waitFor();
  expect(await status(bob), "it was revoked on the page").toBe(401);
});
