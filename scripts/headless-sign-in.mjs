/** @import { OAuthClientInformationMixed, OAuthClientProvider, OAuthDiscoveryState, OAuthTokens } from "@modelcontextprotocol/client" */

/**
 * The part of an MCP client that a browser plays, without one: it opens the authorization URL itself, which works
 * against a stand-in that approves by itself. For demos and tests.
 *
 * @implements {OAuthClientProvider}
 */
export class HeadlessSignIn {
  /** @type {URLSearchParams | undefined} what came back with the redirect: `code` and `iss`, or `error` */
  answer;
  redirectUrl = "http://127.0.0.1:33418/callback";
  clientMetadata;
  /** @type {OAuthClientInformationMixed | undefined} */
  #client;
  /** @type {OAuthTokens | undefined} */
  #tokens;
  #verifier = "";
  /** @type {OAuthDiscoveryState | undefined} */
  #discovery;

  /**
   * @param {{ name?: string, loginHint?: string, fetch?: typeof globalThis.fetch }} [options] `loginHint`: who signs
   * in, if not the stand-in's default user
   */
  constructor({ name = "Headless client", loginHint, fetch = globalThis.fetch } = {}) {
    this.loginHint = loginHint;
    this.fetch = fetch;
    this.clientMetadata = {
      client_name: name,
      redirect_uris: [this.redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    };
  }

  clientInformation() {
    return this.#client;
  }

  /** @param {OAuthClientInformationMixed} client */
  saveClientInformation(client) {
    this.#client = client;
  }

  tokens() {
    return this.#tokens;
  }

  /** @param {OAuthTokens} tokens */
  saveTokens(tokens) {
    this.#tokens = tokens;
  }

  codeVerifier() {
    return this.#verifier;
  }

  /** @param {string} verifier */
  saveCodeVerifier(verifier) {
    this.#verifier = verifier;
  }

  discoveryState() {
    return this.#discovery;
  }

  /** @param {OAuthDiscoveryState} state */
  saveDiscoveryState(state) {
    this.#discovery = state;
  }

  /**
   * What the authorization server no longer accepts is forgotten, so that the client gets it anew.
   *
   * @param {"all" | "client" | "tokens" | "verifier" | "discovery"} what
   */
  invalidateCredentials(what) {
    if (what === "all" || what === "client") this.#client = undefined;
    if (what === "all" || what === "tokens") this.#tokens = undefined;
  }

  /** @param {URL} url */
  async redirectToAuthorization(url) {
    const target = new URL(url);
    if (this.loginHint !== undefined) target.searchParams.set("login_hint", this.loginHint);
    const response = await this.fetch(target, { redirect: "manual" });
    const location = response.headers.get("location");
    if (!location?.startsWith(this.redirectUrl)) {
      throw new Error(`The sign-in did not come back to the client: HTTP ${response.status}.`);
    }
    this.answer = new URL(location).searchParams;
  }
}
