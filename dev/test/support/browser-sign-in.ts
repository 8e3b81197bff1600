import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import type { Page } from "playwright-core";
import { atEnd } from "./at-end.js";

/** An MCP client's sign-in as in desktop clients: opens a page, and waits for the redirect on a loopback port. */
export class BrowserSignIn extends HeadlessSignIn {
  readonly #page: Page;
  readonly #person: (page: Page) => Promise<void>;
  readonly #returned: Promise<URLSearchParams>;
  readonly #scope: string | undefined;

  private constructor(
    page: Page,
    person: (page: Page) => Promise<void>,
    callback: { url: string; returned: Promise<URLSearchParams> },
    scope: string | undefined,
  ) {
    super({ name: "Desktop client" });
    this.redirectUrl = callback.url;
    this.clientMetadata = { ...this.clientMetadata, redirect_uris: [callback.url] };
    this.#page = page;
    this.#person = person;
    this.#returned = callback.returned;
    this.#scope = scope;
  }

  /** @param person acts as the user on the page @param scope requested instead of the scopes that the server names */
  static async on(page: Page, person: (page: Page) => Promise<void>, scope?: string): Promise<BrowserSignIn> {
    return new BrowserSignIn(page, person, await callbackServer(), scope);
  }

  override async redirectToAuthorization(url: URL): Promise<void> {
    const target = new URL(url);
    if (this.#scope !== undefined) target.searchParams.set("scope", this.#scope);
    await this.#page.goto(target.href);
    await this.#person(this.#page);
    this.answer = await this.#returned;
  }
}

async function callbackServer(): Promise<{ url: string; returned: Promise<URLSearchParams> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const returned = new Promise<URLSearchParams>((resolve) => {
    server.on("request", ({ url = "/" }, response) => {
      const { pathname, searchParams } = new URL(url, origin);
      response.end("You can close this page.");
      if (pathname === "/callback") resolve(searchParams);
    });
  });
  return { url: `${origin}/callback`, returned };
}
