/** The pages where users connect accounts, in Chromium: for everybody, and out of reach of other pages. */
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startChromium } from "../../../dev/scripts/chromium.mjs";
import { violations } from "../../../dev/test/support/axe.js";
import { standIn } from "./support/stand-in.js";

let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
});

afterAll(() => browser?.close());

/** @returns the page, and Chromium's messages about it */
async function open(local: ClerkLocal, look: BrowserContextOptions = {}) {
  const context = await browser.newContext(look);
  onTestFinished(() => context.close());
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${local.issuer}/user`);
  return { page, complaints };
}

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).click();

describe.each([
  ["light", 1280],
  ["light", 390],
  ["dark", 1280],
  ["dark", 390],
] as const)("%s, %i px", (colorScheme, width) => {
  it("a user signs in, connects an account and disconnects it, and axe finds no violation", async () => {
    const local = await standIn();
    const username = "a-rather-long-name-of-an-account-at-a-provider";
    const expired = { username, expiresIn: -1, refreshable: false };
    local.connectedAccounts.connect({ user: "ada", provider: "google", ...expired });
    const { page, complaints } = await open(local, { colorScheme, viewport: { width, height: 800 } });
    const look = async () => {
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    };
    await look();
    await press(page, /Ada Lovelace/);
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    await look();
    await press(page, "Connect GitHub");
    await page.getByLabel("Account at GitHub").fill("ada-l");
    await page.getByLabel("user:email").uncheck();
    await look();
    await press(page, "Allow");
    await page.getByRole("status").getByText("GitHub is connected.").waitFor();
    expect(local.connectedAccounts.list("ada")[1]).toMatchObject({
      username: "ada-l",
      scopes: ["read:user", "repo"],
    });
    await look();
    await press(page, "Disconnect GitHub: ada-l");
    await page.getByRole("button", { name: "Connect GitHub", exact: true }).waitFor();
    expect(local.connectedAccounts.list("ada")).toHaveLength(1);
    expect(complaints).toEqual([]);
  });
});

it("whoever is signed in can use another account, and the sign-in of a client's user counts here too", async () => {
  const local = await standIn();
  const { page } = await open(local);
  await press(page, /Ada Lovelace/);
  await press(page, "Use another account");
  await press(page, /Grace Hopper/);
  await page.getByText("grace@example.com").waitFor();
  await page.goto(`${local.issuer}/providers/google/authorize`);
  await press(page, "Deny");
  await page.getByText("Access to Google was not allowed.").waitFor();
  expect(local.connectedAccounts.list()).toEqual([]);
});
