/** A client with a window, as MCP Apps describe a host: it embeds a tool's page, and hands it what the tool answered. */
import type { Client } from "@modelcontextprotocol/client";
import type { Browser, BrowserContext, Frame, Page } from "playwright-core";
import { newProfile } from "../../../../dev/test/support/chromium.js";

/** Two origins, so that the page has a storage of its own. Neither exists outside of the browser. */
const HOST = "http://host.example";
const CARD = "http://card.example";

export interface Look {
  /** What the system prefers. */
  readonly colorScheme?: "light" | "dark";
  /** What the host tells the page. Default: nothing. */
  readonly theme?: "light" | "dark";
}

export interface OpenCard {
  readonly page: Page;
  readonly card: Frame;
  readonly context: BrowserContext;
  /** What host and page have sent to each other. */
  messages(): Promise<unknown[]>;
  /** The addresses that the browser has asked for. */
  readonly requested: readonly string[];
  /** What the browser complains about. */
  readonly complaints: readonly string[];
}

/** Calls the tool, and shows its page with the result. */
export async function openCard(browser: Browser, client: Client, look: Look = {}): Promise<OpenCard> {
  const { tools } = await client.listTools();
  const uri = String(tools.find(({ name }) => name === "whoami")?._meta?.["ui/resourceUri"]);
  const result = await client.callTool({ name: "whoami" });
  const { colorScheme = "light", theme } = look;
  const requested: string[] = [];
  const complaints: string[] = [];
  const context = await newProfile(browser, requested, {
    viewport: { width: 520, height: 420 },
    colorScheme,
  });
  await context.route(`${HOST}/`, (route) => route.fulfill({ contentType: "text/html", body: EMBEDS }));
  const html = await pageOf(client, uri);
  await context.route(`${CARD}/`, (route) => route.fulfill({ contentType: "text/html", body: html }));
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.exposeFunction("callTool", (params: { name: string }) => client.callTool(params));
  await page.addInitScript((given) => Object.assign(globalThis, { given }), { result, theme });
  await page.goto(`${HOST}/`);
  const card = page.frames().find((frame) => frame.url() === `${CARD}/`);
  if (card === undefined) throw new Error("The host has no page.");
  const messages = () => page.evaluate<unknown[]>("messages");
  return { page, card, context, messages, requested, complaints };
}

/** The HTML of a tool's page. */
export async function pageOf(client: Client, uri: string): Promise<string> {
  const { contents } = await client.readResource({ uri });
  const [content] = contents;
  if (content === undefined || !("text" in content)) throw new Error(`${uri} has no text.`);
  if (content.mimeType !== "text/html;profile=mcp-app") throw new Error(`${uri} is ${content.mimeType}.`);
  return content.text;
}

const EMBEDS = `<!doctype html>
<html lang="en">
  <title>A host</title>
  <style>body { color-scheme: light dark } iframe { width: 480px; height: 380px; border: 0 }</style>
  <iframe title="whoami" sandbox="allow-scripts allow-same-origin" src="${CARD}/"></iframe>
  <script>
    const card = document.querySelector("iframe").contentWindow;
    const messages = [];
    const send = (message) => {
      messages.push(message);
      card.postMessage({ jsonrpc: "2.0", ...message }, "${CARD}");
    };
    const initialized = {
      protocolVersion: "2026-01-26",
      hostInfo: { name: "host", version: "1.0.0" },
      hostCapabilities: { serverTools: {} },
      hostContext: given.theme ? { theme: given.theme } : {},
    };
    addEventListener("message", async ({ source, data: { id, method, params, ...data } }) => {
      if (source !== card) return;
      messages.push({ id, method, params, ...data });
      if (method === "ui/initialize") send({ id, result: initialized });
      if (method === "ui/notifications/initialized") {
        send({ method: "ui/notifications/tool-input", params: { arguments: {} } });
        send({ method: "ui/notifications/tool-result", params: given.result });
      }
      if (method === "tools/call")
        send(await callTool(params).then((result) => ({ id, result }), ({ message }) => ({ id, error: { code: -32000, message } })));
    });
  </script>
</html>`;
