// npm run --prefix dev docs:pictures: takes pictures of the sign-in pages as PNG files in docs/images. Needs Chromium.
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { createClerkLocal } from "@xmcp-dev/clerk-local";
import { HeadlessSignIn, startServer } from "@xmcp-dev/clerk-local/testing";
import { buildIfNeeded } from "../build-if-needed.mjs";
import { startChromium } from "../chromium.mjs";

const [folder = "docs/images"] = process.argv.slice(2);
buildIfNeeded();
const clerk = await createClerkLocal({ port: 0 });
const server = await startServer(clerk.env);
const browser = await startChromium();
try {
  const context = await browser.newContext({ viewport: { width: 520, height: 700 }, deviceScaleFactor: 1.5 });
  const page = await context.newPage();
  await page.goto(server.origin);
  await take(page, "home-page");
  await openSignIn(page);
  await take(page, "sign-in");
  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  await page.getByRole("button", { name: "Allow" }).waitFor();
  await take(page, "consent");
} finally {
  await browser.close();
  await server.stop();
  await clerk.close();
}

/** @param {import("playwright-core").Page} page */
async function openSignIn(page) {
  const person = new HeadlessSignIn({ name: "Your client" });
  person.redirectToAuthorization = async (url) => {
    await page.goto(url.href);
  };
  const transport = new StreamableHTTPClientTransport(new URL(server.url), { authProvider: person });
  await new Client({ name: "pictures", version: "1.0.0" }).connect(transport).catch((error) => {
    if (!(error instanceof UnauthorizedError)) throw error;
  });
}

/**
 * Shows the ports of `npm run dev:local`, because the actual ports differ from run to run.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
async function take(page, name) {
  const ports = [
    [new URL(clerk.issuer).port, "4400"],
    [new URL(server.origin).port, "3001"],
  ];
  await page.evaluate((replacements) => {
    for (const code of document.querySelectorAll("code")) {
      for (const [actual = "", usual = ""] of replacements) {
        code.textContent = (code.textContent ?? "").replace(`:${actual}`, `:${usual}`);
      }
    }
  }, ports);
  await page.screenshot({ path: `${folder}/${name}.png` });
}
