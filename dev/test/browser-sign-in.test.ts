import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import type { Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { installedChromium } from "../scripts/chromium.mjs";
import { atEnd } from "./support/at-end.js";
import { violations } from "./support/axe.js";
import { BrowserSignIn } from "./support/browser-sign-in.js";
import { launchChromium, newProfile } from "./support/chromium.js";
import { protectedTemplate } from "./support/protected-template.js";
import { press, signInAs, textOf } from "./support/sign-in-page.js";

const { clerk, mcp } = await protectedTemplate();
const browser = await launchChromium();

const requested: string[] = [];
afterEach(() => {
  const elsewhere = requested.filter((url) => new URL(url).hostname !== "127.0.0.1");
  expect(elsewhere, "no request leaves this machine").toEqual([]);
});

it("a person signs in and allows, and the client calls a tool as that person", async () => {
  const person = await BrowserSignIn.on(await page(), async (page) => {
    await signInAs(page, "Grace Hopper");
    await expect(textOf(page, "h1")).resolves.toBe("Desktop client");
    await expect(textOf(page, "main")).resolves.toContain(mcp.url);
    await press(page, "Allow");
  });
  const client = await connect(person);
  const { structuredContent } = await client.callTool({ name: "get-user-info" });
  expect(structuredContent).toMatchObject({ email: "grace@example.com", organizationId: null });
});

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  it("axe finds no violation on the sign-in and consent pages", async () => {
    const found: string[] = [];
    const look = async (page: Page) => void found.push(...(await violations(page)));
    const person = await BrowserSignIn.on(
      await page({ colorScheme }),
      async (page) => {
        await look(page);
        await signInAs(page, "Ada Lovelace");
        await look(page);
        await press(page, "Allow");
      },
      "profile email user:org:read",
    );
    person.saveClientInformation({ client_id: "client_local000000000000000000static" });
    await connect(person);
    expect(found).toEqual([]);
  });
});

it("a person denies, and the client gets access_denied and no token", async () => {
  const person = await BrowserSignIn.on(await page(), async (page) => {
    await signInAs(page, "Ada Lovelace");
    await press(page, "Deny");
  });
  await expect(connect(person)).rejects.toThrow(/access_denied|denied the request/);
  expect(person.answer?.get("error")).toBe("access_denied");
  expect(person.tokens()).toBeUndefined();
});

it("tools see the organization that the person picked at consent, and the role in it", async () => {
  const person = await BrowserSignIn.on(
    await page(),
    async (page) => {
      await signInAs(page, "Ada Lovelace");
      await page.getByLabel("Organization").selectOption({ label: "Acme" });
      await press(page, "Allow");
    },
    "profile email user:org:read",
  );
  // This application may request the scope. A dynamically registered client may not.
  person.saveClientInformation({ client_id: "client_local000000000000000000static" });
  const client = await connect(person);
  const { structuredContent: caller } = await client.callTool({ name: "whoami" });
  const acme = clerk.organizations.get("acme").id;
  expect(caller).toMatchObject({ organizationId: acme, organizationRole: "org:admin" });
  const { structuredContent } = await client.callTool({ name: "get-my-organizations" });
  expect(structuredContent).toMatchObject({
    organizations: [
      { slug: "globex", active: false },
      { slug: "acme", active: true },
    ],
  });
});

describe("an invalid link ends on a page that explains it:", () => {
  it("a sign-in that does not exist", async () => {
    await expectErrorPage(
      `${clerk.issuer}/interaction/invented`,
      /expired or was started in another browser/,
    );
  });

  it("a sign-in that another browser started", async () => {
    const signIn = await BrowserSignIn.on(await page(), async (page) => {
      await expectErrorPage(page.url(), /expired or was started in another browser/);
      await signInAs(page, "Bob Babbage");
      await press(page, "Allow");
    });
    await connect(signIn);
  });

  it("a client that is not registered", async () => {
    const query = new URLSearchParams({ client_id: "client_invented", response_type: "code" });
    await expectErrorPage(`${clerk.issuer}/oauth/authorize?${query}`, /invalid_client/);
  });
});

it("CHROMIUM_PATH names the Chromium to use, and a wrong path is refused", () => {
  expect(installedChromium(undefined, [])).toBeUndefined();
  expect(installedChromium(process.execPath, [])).toBe(process.execPath);
  expect(() => installedChromium("/nowhere/chromium")).toThrow(/CHROMIUM_PATH is \/nowhere\/chromium/);
});

async function page(look: { colorScheme?: "light" | "dark" } = {}): Promise<Page> {
  return (await newProfile(browser, requested, look)).newPage();
}

async function connect(person: BrowserSignIn): Promise<Client> {
  const client = () => new Client({ name: "test", version: "1.0.0" });
  const transport = () => new StreamableHTTPClientTransport(new URL(mcp.url), { authProvider: person });
  const first = transport();
  await expect(client().connect(first)).rejects.toThrow(UnauthorizedError);
  await first.finishAuth(person.answer ?? new URLSearchParams());
  const connected = client();
  await connected.connect(transport());
  atEnd(() => connected.close());
  return connected;
}

async function expectErrorPage(url: string, words: RegExp): Promise<void> {
  const lost = await page();
  const complaints: string[] = [];
  lost.on("console", (message) => complaints.push(message.text()));
  const response = await lost.goto(url);
  expect(response?.status()).toBe(400);
  expect(await textOf(lost, "h1")).toBe("This request cannot continue");
  expect(await textOf(lost, "main")).toMatch(words);
  expect(await textOf(lost, "main")).not.toMatch(/\n\s+at /);
  // The page's policy must allow its own style sheet.
  const radius = await lost.locator(".card").evaluate((card) => getComputedStyle(card).borderRadius);
  expect(radius).toBe("16px");
  expect(complaints.filter((text) => /Content Security Policy/.test(text))).toEqual([]);
}
