/** The local Clerk's page in Chromium: for everybody, kept up to date, and out of reach of other pages. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startChromium } from "../../../dev/scripts/chromium.mjs";
import { violations } from "../../../dev/test/support/axe.js";
import { formKey } from "./support/dashboard.js";
import { register } from "./support/oauth-client.js";
import { backend, standIn } from "./support/stand-in.js";

let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
});

afterAll(() => browser?.close());

/** Opens a page. @returns it, and Chromium's messages about it */
async function open(url: string, look: BrowserContextOptions = {}) {
  const context = await browser.newContext(look);
  onTestFinished(() => context.close());
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const isLive = (page: Page) => page.getByRole("status").getByText("Live", { exact: true }).waitFor();
const rowOf = (page: Page, path: string) => page.locator("#request-rows tr", { hasText: path });

/** A page of another origin on this machine, which is the same site. */
async function otherOrigin(body: string): Promise<string> {
  const server = createServer((_req, res) => {
    res.writeHead(200, { "content-type": "text/html" });
    res.end(`<!doctype html><title>Elsewhere</title>${body}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Something of everything that the page shows. */
async function filled(): Promise<ClerkLocal> {
  const local = await standIn();
  await register(local, { client_name: "A client with quite a long name that needs more than one line" });
  local.metadataClients.block(
    "https://client.test/oauth/a/rather/long/path/of/a/client/metadata/document.json",
  );
  await local.mint({ user: "bob", organization: "acme", resource: "http://127.0.0.1:3001/mcp" });
  local.apiKeys.create({ subject: "acme", scopes: ["documents:read"] });
  local.connectedAccounts.connect({
    user: "ada",
    provider: "google",
    username: "a-rather-long-name".repeat(3),
  });
  await backend(local, "/v1/users/user_local0000000000000000000bob/organization_memberships");
  const long = "Ŵ".repeat(400);
  local.users.create({ username: long, firstName: long, lastName: long });
  local.organizations.create({ name: long });
  local.organizations.addMember("acme", long, "org:member");
  await fetch(`${local.issuer}/no/such/${"path".repeat(40)}`);
  return local;
}

describe.each([
  ["light", 1280],
  ["light", 390],
  ["dark", 1280],
  ["dark", 390],
] as const)("%s, %i px", (colorScheme, width) => {
  it("axe finds no violation, and nothing is wider than the window", async () => {
    const local = await filled();
    const { page, complaints } = await open(local.issuer, { colorScheme, viewport: { width, height: 800 } });
    await isLive(page);
    for (const summary of await page.locator("summary").all()) await summary.click();
    const look = async () => {
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    };
    await look();
    await press(page, "Clerk is down");
    await page.getByText("Every request gets 503").waitFor();
    await backend(local, "/v1/users");
    await rowOf(page, "503").waitFor();
    await look();
    const back = await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
    expect(back).toBe(colorScheme === "light" ? "rgb(243, 243, 246)" : "rgb(18, 18, 23)");
    expect(complaints).toEqual([]);
  });
});

describe("an open page", () => {
  it("shows requests, sign-ins and changes of a test as they happen", async () => {
    const local = await standIn();
    const { page, complaints } = await open(local.issuer);
    await isLive(page);
    await fetch(`${local.issuer}/nowhere?secret=concealed`);
    await rowOf(page, "/nowhere").getByText("404").waitFor();
    expect(await page.content()).not.toContain("concealed");
    await local.mint({ user: "grace" });
    await page.locator("#tokens").getByRole("cell", { name: "Grace Hopper" }).waitFor();
    local.users.ban("bob");
    await page.getByRole("button", { name: "Unban Bob Babbage" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("leaves alone what a person is filling in, until they are done", async () => {
    const local = await standIn();
    const { page } = await open(local.issuer);
    await isLive(page);
    await page.getByText("Add Grace Hopper").click();
    await page.getByLabel("Organization for Grace Hopper").focus();
    local.users.ban("ada");
    await local.mint();
    await page.locator("#tokens").getByText("Access token").waitFor();
    expect(await page.getByRole("button", { name: "Unban Ada" }).count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
      "Organization for Grace Hopper",
    );
    await page.getByRole("status").getByText("Live. Not updated while you edit: Users").waitFor();
    await page.getByLabel("Organization for Grace Hopper").blur();
    await page.getByRole("button", { name: "Unban Ada" }).waitFor();
    expect(await page.getByLabel("Organization for Grace Hopper").isVisible(), "it stays open").toBe(true);
  });

  it("keeps what has been filled in while everything around it is updated", async () => {
    const local = await standIn();
    const { page } = await open(local.issuer);
    await isLive(page);
    const role = page.getByLabel("Role of Bob Babbage in Acme", { exact: true });
    await role.selectOption("org:admin");
    await page.getByRole("spinbutton", { name: "by s" }).fill("7");
    await page.getByRole("button", { name: "Ban Bob Babbage" }).focus();
    local.users.ban("ada");
    local.faults({ path: "/v1/*", status: 503 });
    await page.getByRole("button", { name: "Unban Ada" }).waitFor();
    await page.getByText("A test has set a fault").waitFor();
    expect(await role.inputValue()).toBe("org:admin");
    expect(await page.getByRole("spinbutton", { name: "by s" }).inputValue()).toBe("7");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
      "Ban Bob Babbage",
    );
    await isLive(page);
  });

  it("gets everything again after the local Clerk has been away", async () => {
    const local = await standIn();
    const { page } = await open(local.issuer);
    await isLive(page);
    await local.close();
    await page.getByRole("status").getByText("does not answer").waitFor();
    const next = await standIn({ port: Number(new URL(local.issuer).port) });
    next.users.ban("bob");
    await isLive(page);
    await press(page, "Unban Bob Babbage");
    await page.getByText("bob can sign in again.").waitFor();
  });

  it("lets the connection go while nobody sees it", async () => {
    const local = await standIn();
    const { page } = await open(local.issuer);
    await isLive(page);
    const see = (state: string) =>
      page.evaluate((visibility) => {
        Object.defineProperty(document, "visibilityState", { value: visibility, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, state);
    await see("hidden");
    await fetch(`${local.issuer}/unseen`);
    await local.mint();
    expect(await rowOf(page, "/unseen").count()).toBe(0);
    await see("visible");
    await rowOf(page, "/unseen").waitFor();
  });
});

describe("a person", () => {
  it("needs no script", async () => {
    const local = await standIn();
    const { page } = await open(local.issuer, { javaScriptEnabled: false });
    await page.getByText("Reload to update.").waitFor();
    await page.getByLabel("Role of Bob Babbage in Acme", { exact: true }).selectOption("org:admin");
    await press(page, "Save the role of Bob Babbage in Acme");
    await page.getByText("bob is org:admin in Acme now.").waitFor();
    expect(local.users.memberships("bob")[0]?.role).toBe("org:admin");
    expect(await page.getByLabel("Role of Bob Babbage in Acme", { exact: true }).inputValue()).toBe(
      "org:admin",
    );
  });

  it("can do it with the keyboard, and goes on where they were", async () => {
    const local = await standIn();
    const { page, complaints } = await open(local.issuer);
    await isLive(page);
    await page.getByLabel("Role of Bob Babbage in Acme", { exact: true }).focus();
    await page.keyboard.press("o");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("bob is org:admin in Acme now.").waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("done");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("section")?.id)).toBe("users");
    expect(complaints).toEqual([]);
  });

  it("lets Clerk be slow with Enter in the field for it", async () => {
    const { page } = await open((await standIn()).issuer);
    await page.getByRole("spinbutton", { name: "by s" }).fill("0.2");
    await page.keyboard.press("Enter");
    await page.getByText("Every response takes 0.2 s longer").waitFor();
  });

  it("learns why a button did nothing", async () => {
    const local = await standIn();
    const { page } = await open(local.issuer);
    await isLive(page);
    await page.getByText("Add Grace Hopper").click();
    local.organizations.addMember("acme", "grace");
    await press(page, "Add Grace Hopper");
    await page.getByText("is already a member of").waitFor();
  });
});

describe("a page of another origin, on another port of this machine,", () => {
  it.each(["a form", "fetch"])("cannot press a button with %s, not even with the key", async (way) => {
    const local = await standIn();
    const fields = { key: await formKey(local), user: "bob" };
    const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
    const { page } = await open(
      await otherOrigin(
        `<form method="post" action="${local.issuer}/dashboard/ban">${inputs.join("")}<button>Win</button></form>`,
      ),
    );
    const answered = page.waitForResponse((answer) => answer.url().endsWith("/dashboard/ban"));
    if (way === "a form") await press(page, "Win");
    else {
      await page.evaluate(
        ([url, body]) =>
          fetch(url as string, {
            method: "POST",
            mode: "no-cors",
            credentials: "include",
            headers: { "content-type": "application/x-www-form-urlencoded" },
            body: body as string,
          }).catch(() => undefined),
        [`${local.issuer}/dashboard/ban`, String(new URLSearchParams(fields))],
      );
    }
    expect((await answered).status()).toBe(403);
    expect(local.users.get("bob").banned).toBe(false);
  });

  it("cannot read the page or its stream, frame it, or hold on to its window", async () => {
    const local = await standIn();
    const url = await otherOrigin(`<iframe src="${local.issuer}/"></iframe>`);
    const { page, complaints } = await open(url);
    expect(complaints.join()).toMatch(/frame-ancestors|refused|violates/i);
    const frame = page.frames().find((each) => each !== page.mainFrame());
    expect(await frame?.locator("h1").count()).toBe(0);
    const read = await page.evaluate(async (issuer) => {
      const result = (promise: Promise<unknown>) => promise.then(String, () => "refused");
      const stream = new EventSource(`${issuer}/dashboard/events`);
      const opened = new Promise((resolve) => {
        stream.onopen = () => resolve("opened");
        stream.onerror = () => resolve("refused");
      });
      const other = window.open(`${issuer}/`);
      return {
        page: await result(fetch(`${issuer}/`).then((answer) => answer.text())),
        stream: await opened,
        script: await new Promise((resolve) => {
          const script = document.createElement("script");
          script.onload = () => resolve("loaded");
          script.onerror = () => resolve("refused");
          script.src = `${issuer}/`;
          document.head.append(script);
        }),
        opened: other !== null,
      };
    }, local.issuer);
    expect(read).toEqual({ page: "refused", stream: "refused", script: "refused", opened: true });
    await expect.poll(() => page.context().pages().length).toBe(2);
    const opened = page.context().pages()[1] as Page;
    await opened.getByRole("heading", { name: "Users" }).waitFor();
    expect(await opened.evaluate(() => window.opener === null)).toBe(true);
  });
});
