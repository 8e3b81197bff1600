/**
 * The current OAuth server. New keys need a new server; its state is in the store, so a client sees no interruption.
 */
import type { Provider } from "oidc-provider";
import type { Handler } from "../http/exchange.js";
import { buildProvider, type ProviderParts } from "./provider.js";

export class OAuthServer {
  readonly #parts: ProviderParts;
  #provider: Provider;
  #callback: ReturnType<Provider["callback"]>;

  constructor(parts: ProviderParts) {
    this.#parts = parts;
    this.#provider = buildProvider(parts);
    this.#callback = this.#provider.callback();
  }

  get provider(): Provider {
    return this.#provider;
  }

  /** Rebuilds the server with the current keys. */
  rebuild(): void {
    this.#provider = buildProvider(this.#parts);
    this.#callback = this.#provider.callback();
  }

  /** Answers every remaining request. An unknown path gets the OAuth server's 404. */
  readonly handler: Handler = async ({ req, res }) => {
    await this.#callback(req, res);
    return true;
  };
}
