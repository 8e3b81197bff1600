import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { startChromium } from "../../scripts/chromium.mjs";
import { atEnd } from "./at-end.js";

/** A headless Chromium that can reach only this machine. */
export async function launchChromium(): Promise<Browser> {
  const browser = await startChromium();
  atEnd(() => browser.close());
  return browser;
}

/** A new browser profile without cookies. Adds the URLs that it requests to `requested`. */
export async function newProfile(
  browser: Browser,
  requested: string[],
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  atEnd(() => context.close());
  context.setDefaultTimeout(15_000);
  context.on("request", (request) => requested.push(request.url()));
  return context;
}
