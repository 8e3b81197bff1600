import { randomBytes } from "node:crypto";
import { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import { openBrowser, redirectListener } from "../../../packages/clerk/dist/commands/doctor/browser.js";

const WAIT_MS = 300_000;

/** @import { RedirectListener } from "../../../packages/clerk/dist/commands/doctor/browser.js" */

/** An MCP client's sign-in by a person in this machine's browser (`BROWSER`). Prints the address to open. */
export class BrowserSignIn extends HeadlessSignIn {
  #state = randomBytes(16).toString("hex");
  #listener;

  /**
   * @param {RedirectListener} listener
   * @param {string} loginHint
   */
  constructor(listener, loginHint) {
    super({ name: "xmcp test:clerk", loginHint });
    this.#listener = listener;
    this.redirectUrl = listener.redirectURI;
    this.clientMetadata = { ...this.clientMetadata, redirect_uris: [listener.redirectURI] };
  }

  /** @param {string} loginHint */
  static async create(loginHint) {
    return new BrowserSignIn(await redirectListener(), loginHint);
  }

  state() {
    return this.#state;
  }

  /**
   * @override
   * @param {URL} url
   */
  async redirectToAuthorization(url) {
    const address = new URL(url);
    address.searchParams.set("login_hint", this.loginHint ?? "");
    console.log(`If no browser opens:\n${address}\n`);
    const arrived = this.#listener.received(this.#state, WAIT_MS);
    openBrowser(address.href, process.env.BROWSER);
    this.answer = await arrived;
    this.#listener.close();
    if (!this.answer) throw new Error("Clerk's page did not redirect within five minutes.");
    const error = this.answer.get("error");
    if (error) throw new Error(`Clerk's page returned ${error}.`);
  }
}
