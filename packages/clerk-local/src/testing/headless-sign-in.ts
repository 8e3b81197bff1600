import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  OAuthTokens,
} from "@modelcontextprotocol/client";

export interface HeadlessSignInOptions {
  /** Name of the client. */
  name?: string;
  /** The user who signs in. Default: the local Clerk's default user. */
  loginHint?: string | undefined;
  /**
   * URL of the client's metadata document. With it, the client registers only if the authorization server takes no
   * documents. The document's `redirect_uris` must have `http://127.0.0.1/callback`. Default: the client registers.
   */
  clientMetadataUrl?: string;
  fetch?: typeof globalThis.fetch;
}

/**
 * An OAuth client provider that signs in without a browser: it requests the authorization URL itself. Requires a
 * local Clerk with auto-approval. For demos and tests.
 */
export class HeadlessSignIn implements OAuthClientProvider {
  /** The parameters of the redirect: `code` and `iss`, or `error`. */
  answer: URLSearchParams | undefined;
  redirectUrl: string = "http://127.0.0.1:33418/callback";
  clientMetadata: OAuthClientMetadata;
  clientMetadataUrl?: string;
  loginHint: string | undefined;
  fetch: typeof globalThis.fetch;
  #client: OAuthClientInformationMixed | undefined;
  #tokens: OAuthTokens | undefined;
  #verifier = "";
  #discovery: OAuthDiscoveryState | undefined;

  constructor({
    name = "Headless client",
    loginHint,
    clientMetadataUrl,
    fetch = globalThis.fetch,
  }: HeadlessSignInOptions = {}) {
    this.loginHint = loginHint;
    if (clientMetadataUrl !== undefined) this.clientMetadataUrl = clientMetadataUrl;
    this.fetch = fetch;
    this.clientMetadata = {
      client_name: name,
      redirect_uris: [this.redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    };
  }

  clientInformation(): OAuthClientInformationMixed | undefined {
    return this.#client;
  }

  saveClientInformation(client: OAuthClientInformationMixed): void {
    this.#client = client;
  }

  tokens(): OAuthTokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.#tokens = tokens;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovery;
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovery = state;
  }

  /** Discards what the authorization server no longer accepts, so that the client obtains it again. */
  invalidateCredentials(what: "all" | "client" | "tokens" | "verifier" | "discovery"): void {
    if (what === "all" || what === "client") this.#client = undefined;
    if (what === "all" || what === "tokens") this.#tokens = undefined;
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    const target = new URL(url);
    if (this.loginHint !== undefined) target.searchParams.set("login_hint", this.loginHint);
    const response = await this.fetch(target, { redirect: "manual" });
    const location = response.headers.get("location");
    if (!location?.startsWith(this.redirectUrl)) {
      throw new Error(
        `The sign-in did not return to the client: HTTP ${response.status}. HeadlessSignIn needs a local Clerk that approves by itself: createClerkLocal({ autoApprove: true }), or POST /__local/autoApprove.`,
      );
    }
    this.answer = new URL(location).searchParams;
  }
}
