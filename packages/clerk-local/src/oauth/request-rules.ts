/** Clerk's rules for an authorization request, beyond those of oidc-provider. */
import type { KoaContextWithOIDC } from "oidc-provider";
import { type ScopeCatalogue, scopeWords } from "../scopes.js";
import { errors } from "./oidc-provider.js";

/** Fewest characters of a `state` that protects a request without PKCE. */
const MIN_STATE = 8;

/**
 * Refuses what Clerk refuses and oidc-provider does not. oidc-provider would drop an unknown scope silently, and takes
 * any number of resources.
 *
 * @throws an error of oidc-provider's, which becomes the redirect to the client
 */
export function checkRequest({ oidc }: KoaContextWithOIDC, scopes: ScopeCatalogue): void {
  const { scope, state, resource, response_mode, code_challenge } = oidc.params ?? {};
  for (const word of scopeWords(typeof scope === "string" ? scope : undefined)) {
    if (!scopes.has(word)) {
      throw new errors.InvalidScope("the requested scope is invalid, unknown, or malformed", word);
    }
  }
  if (oidc.route !== "authorization") return;
  if (Array.isArray(resource) && resource.length > 1) {
    throw new errors.InvalidTarget("only one resource is supported");
  }
  if (code_challenge === undefined && (typeof state !== "string" || state.length < MIN_STATE)) {
    throw new errors.CustomOIDCProviderError(
      "invalid_state",
      `without PKCE, state must have at least ${MIN_STATE} characters`,
    );
  }
  if (response_mode === "fragment") {
    throw new errors.UnsupportedResponseMode("response_mode must be query or form_post");
  }
}
