/** The OAuth server as it is now. New keys need a new one; its state is in the store, so that nobody notices. */
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

  /** Takes up the current keys. */
  rebuild(): void {
    this.#provider = buildProvider(this.#parts);
    this.#callback = this.#provider.callback();
  }

  /** Answers everything that is left: what is no endpoint of the OAuth server either is its 404. */
  readonly handler: Handler = async ({ req, res }) => {
    await this.#callback(req, res);
    return true;
  };
}
