/** The pages in Chromium, which applies their content security policy to every redirect after a form. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startChromium } from "../../../dev/scripts/chromium.mjs";
import { violations } from "../../../dev/test/support/axe.js";
import { authorizationRequest, claimsOf, exchange, RESOURCE, register } from "./support/oauth-client.js";
import { json, standIn } from "./support/stand-in.js";

const SCOPE = "profile email user:org:read";

let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
});

afterAll(() => browser?.close());

/** Opens a page. @returns it, and Chromium's messages about it */
async function open(url: string): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

/** The client's end of the redirect. */
async function listenForRedirect(): Promise<string> {
  const server = createServer((_req, res) => res.end("You can close this window."));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
}

async function begin(local: ClerkLocal, redirectUri: string) {
  const client = await register(local, {
    scope: SCOPE,
    redirect_uris: [redirectUri],
    client_name: "Browser test",
  });
  const request = authorizationRequest(local, client.client_id, {
    scope: SCOPE,
    redirect_uri: redirectUri,
    resource: RESOURCE,
  });
  return { client, request };
}

describe("in a browser", () => {
  it("a person signs in, changes their mind about the account, picks an organization and allows", async () => {
    const local = await standIn();
    const redirectUri = await listenForRedirect();
    const { client, request } = await begin(local, redirectUri);
    const { page, complaints } = await open(request.url);

    await page.locator('[data-user="ada"]').click();
    await page.getByRole("button", { name: "Use another account" }).click();
    expect(await page.locator('[data-user="eve"]').isDisabled()).toBe(true);
    await page.locator('[data-user="bob"]').click();
    await page.getByLabel("Organization").selectOption({ label: "Acme" });
    await page.getByRole("button", { name: "Allow" }).click();
    await page.waitForURL(`${redirectUri}**`);
    expect(complaints).toEqual([]);

    const code = new URL(page.url()).searchParams.get("code") ?? "";
    const tokens = await json(await exchange(local, client.client_id, request, code));
    expect(claimsOf(String(tokens.access_token))).toMatchObject({
      sub: local.users.get("bob").id,
      org_id: local.organizations.get("acme").id,
    });
  });

  it("a person is warned of a client that anybody on the machine can pretend to be, and allows it", async () => {
    const clientId = "https://client.test/oauth/client.json";
    const local = await standIn();
    const redirectUri = await listenForRedirect();
    local.metadataClients.publish({
      client_id: clientId,
      client_name: "Client with a document",
      redirect_uris: ["http://127.0.0.1/callback"],
    });
    const request = authorizationRequest(local, clientId, { redirect_uri: redirectUri });
    const { page, complaints } = await open(request.url);
    await page.locator('[data-user="ada"]').click();
    await page.getByRole("note").getByText("can pretend to be Client with a document").waitFor();
    await page.getByText(clientId).waitFor();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.waitForURL(`${redirectUri}**`);
    expect(complaints).toEqual([]);
    const code = new URL(page.url()).searchParams.get("code") ?? "";
    const tokens = await json(await exchange(local, clientId, request, code));
    expect(claimsOf(String(tokens.access_token))).toMatchObject({ client_id: clientId });
  });

  it("nobody's name is wider than a phone, and a screen reader reads it apart from “banned”", async () => {
    const local = await standIn();
    const long = "w".repeat(60);
    local.users.create({ username: "long", firstName: long, lastName: long.repeat(6) });
    local.organizations.create({ name: long.repeat(6), slug: "long" });
    local.organizations.addMember("long", "long");
    const { page } = await open((await begin(local, await listenForRedirect())).request.url);
    await page.setViewportSize({ width: 390, height: 800 });
    await page.getByRole("button", { name: "Eve Moore banned" }).waitFor();
    const look = async () => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(await violations(page)).toEqual([]);
    };
    await look();
    await page.locator('[data-user="long"]').click();
    await page.getByLabel("Organization").waitFor();
    await look();
  });

  it("a person denies", async () => {
    const local = await standIn();
    const redirectUri = await listenForRedirect();
    const { page } = await open((await begin(local, redirectUri)).request.url);
    await page.locator('[data-user="grace"]').click();
    await page.getByRole("button", { name: "Deny" }).click();
    await page.waitForURL(`${redirectUri}**`);
    expect(new URL(page.url()).searchParams.get("error")).toBe("access_denied");
  });

  it("a person can do everything with the keyboard", async () => {
    const local = await standIn();
    const redirectUri = await listenForRedirect();
    const { page } = await open((await begin(local, redirectUri)).request.url);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Browser test" }).waitFor();
    for (const name of ["Use another account", "Organization", "Allow"]) {
      await page.keyboard.press("Tab");
      const label = await page.evaluate(() => {
        const element = document.activeElement as HTMLSelectElement | HTMLButtonElement;
        return element.labels?.[0]?.textContent ?? element.textContent;
      });
      expect(label).toBe(name);
    }
    await page.keyboard.press("Enter");
    await page.waitForURL(`${redirectUri}**`);
  });

  it.each([
    "cursor://anysphere.cursor-retrieval/oauth/callback",
    "vscode://vscode.github-authentication/did-authenticate",
  ])("the redirect to an application is allowed (%s)", async (redirectUri) => {
    const local = await standIn();
    const { page, complaints } = await open((await begin(local, redirectUri)).request.url);
    await page.locator('[data-user="ada"]').click();
    // No application handles the scheme here, so the browser's request fails.
    const handedOver = page.waitForEvent("requestfailed", (request) => request.url().startsWith(redirectUri));
    await page.getByRole("button", { name: "Allow" }).click({ noWaitAfter: true });
    expect(new URL((await handedOver).url()).searchParams.has("code")).toBe(true);
    expect(complaints.filter((text) => text.includes("Content Security Policy"))).toEqual([]);
  });

  it.each(["light", "dark"] as const)("every text has enough contrast (%s)", async (colorScheme) => {
    const local = await standIn();
    const { page } = await open((await begin(local, await listenForRedirect())).request.url);
    await page.emulateMedia({ colorScheme });
    await page.locator('[data-user="ada"]').click();
    const low = await page.evaluate(() => {
      const parse = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
      const luminance = ([red = 0, green = 0, blue = 0]: number[]) => {
        const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
          const part = value / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const background = (element: Element | null): number[] => {
        for (let at = element; at; at = at.parentElement) {
          const color = parse(getComputedStyle(at).backgroundColor);
          if (color[3] !== 0) return color;
        }
        return [255, 255, 255];
      };
      return [
        ...document.querySelectorAll("h1, h2, p, li, code, button, label, select, dt, dd, .name, .email"),
      ]
        .map((element) => {
          const [one, other] = [
            luminance(parse(getComputedStyle(element).color)),
            luminance(background(element)),
          ];
          const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
          return { text: element.textContent?.trim().slice(0, 30), ratio };
        })
        .filter(({ ratio }) => ratio < 4.5);
    });
    expect(low).toEqual([]);
  });
});
