import { beforeAll, expect, it } from "vitest";
import { launchChromium, newProfile } from "./support/chromium.js";
import { documentedCommand } from "./support/clients-page.js";
import { type DefaultBrowser, defaultBrowser } from "./support/default-browser.js";
import { installedInspector } from "./support/inspector.js";
import { type Program, start } from "./support/program.js";
import { oauthRequests, protectedTemplate, tokenFor, withoutMemory } from "./support/protected-template.js";
import { press, signInAs } from "./support/sign-in-page.js";
import { emptyFolder } from "./support/template.js";

const CLIENT_METADATA_URL = "https://client.test/oauth/client.json";
const NEVER_A_BROWSER = "--stored-auth-only";
const INSTALLATION_MS = 120_000;

let program: string;
beforeAll(async () => {
  program = await installedInspector();
}, INSTALLATION_MS);

it("the Inspector's command line lists the tools with a bearer token, and is refused without one", async () => {
  const { clerk, mcp } = await protectedTemplate();
  const { list } = inspector(mcp.url, await defaultBrowser());

  const listed = await list("--header", `Authorization: Bearer ${await tokenFor(clerk, mcp)}`);
  expect(listed.code, listed.output).toBe(0);
  const { tools } = JSON.parse(listed.stdout) as { tools: { name: string }[] };
  expect(tools.map(({ name }) => name).sort()).toEqual([
    "get-my-organizations",
    "get-user-info",
    "greet",
    "whoami",
  ]);

  const refused = await list(NEVER_A_BROWSER);
  expect(refused.code).not.toBe(0);
  expect(refused.output).not.toContain("whoami");
});

it("the Inspector's command line signs a person in with Chromium, and calls a tool as that person", async () => {
  const { clerk, mcp } = await protectedTemplate();
  const browser = await defaultBrowser();
  const { whoami } = inspector(mcp.url, browser);
  const page = await (await newProfile(await launchChromium(), [])).newPage();

  const called = whoami();
  await page.goto(await browser.opened());
  await signInAs(page, "Grace Hopper");
  await press(page, "Allow");
  await page.getByText("OAuth complete").waitFor();
  expect(await called).toBe(clerk.users.get("grace").id);
  expect(await whoami(NEVER_A_BROWSER), "what it remembers is enough").toBe(clerk.users.get("grace").id);
});

it.each([
  ["its document, if registration is off", { registration: false }, true],
  [
    "registration, if Clerk takes no documents and its answer lacks refresh_token",
    { clientIdMetadata: false, registeredGrantTypes: "authorization_code" as const },
    false,
  ],
])("with --client-metadata-url the Inspector signs in by %s", async (_way, options, byDocument) => {
  const { clerk, mcp } = await protectedTemplate({ autoApprove: { user: "ada" }, ...options });
  clerk.metadataClients.publish({
    client_id: CLIENT_METADATA_URL,
    client_name: "Inspector",
    redirect_uris: ["http://127.0.0.1/oauth/callback"],
  });
  const browser = await defaultBrowser();
  const called = inspector(mcp.url, browser).whoami("--client-metadata-url", CLIENT_METADATA_URL);
  await fetch(await browser.opened());
  expect(await called).toBe(clerk.users.get("ada").id);
  expect(clerk.metadataClients.list()).toHaveLength(byDocument ? 1 : 0);
  expect(oauthRequests(clerk).includes("POST /oauth/register 201")).toBe(!byDocument);
});

it("a registration that was deleted in Clerk leads to a page that explains it, until --relogin", async () => {
  const autoApprove = { user: "ada" };
  const { clerk, mcp } = await protectedTemplate({ autoApprove });
  const browser = await defaultBrowser();
  const { whoami, begin } = inspector(mcp.url, browser, "memory");
  const signIn = async (...more: string[]) => {
    const called = whoami(...more);
    await fetch(await browser.opened());
    return called;
  };
  expect(await signIn()).toBe(clerk.users.get("ada").id);

  const forgetful = await withoutMemory(clerk, { autoApprove });
  await begin();
  const page = await fetch(await browser.opened());
  expect(page.status).toBe(400);
  expect(await page.text()).toContain("invalid_client");
  expect(await signIn("--relogin")).toBe(forgetful.users.get("ada").id);
});

/** The Inspector with this browser and this store for tokens. */
function inspector(url: string, { env }: DefaultBrowser, secretStore: "file" | "memory" = "file") {
  // The default redirect port may be in use.
  const PORT = ["--callback-url", "http://127.0.0.1:0/oauth/callback"];
  const begin = async (...args: string[]): Promise<Program> =>
    start(program, [...args, ...PORT], {
      cwd: await emptyFolder(),
      env: { ...env, MCP_AUTO_OPEN_ENABLED: "true", MCP_INSPECTOR_SECRET_STORE: secretStore },
    });
  const finish = async (...args: string[]) => {
    const { exited, output, stdout } = await begin(...args);
    return { code: await exited, output: output(), stdout: stdout() };
  };
  const [, , ...callAsDocumented] = documentedCommand("npx @modelcontextprotocol/inspector --cli", url);
  return {
    begin: (...more: string[]) => begin(...callAsDocumented, ...more),
    list: (...more: string[]) =>
      finish("--cli", url, "--transport", "http", "--method", "tools/list", ...more),
    /** Calls the tool. @returns the id of its user */
    async whoami(...more: string[]): Promise<string> {
      const { output, stdout } = await finish(...callAsDocumented, ...more);
      const userId = /\\"userId\\": \\"(user_\w+)\\"/.exec(stdout)?.[1];
      if (userId === undefined) throw new Error(output);
      return userId;
    },
  };
}
