/** Which redirect URIs a client may have, and which of them a request may name. */
import type { ClientMetadata } from "oidc-provider";
import { isDocumentId } from "../client-metadata/client-id.js";
import type { Profile } from "../options.js";

/**
 * The `application_type` for oidc-provider. Clerk lets clients of the type `web` have a scheme of their own too, but
 * oidc-provider only those of the type `native`.
 */
export function providerApplicationType(
  redirectUris: readonly string[],
  declared: unknown = "web",
): NonNullable<ClientMetadata["application_type"]> {
  const isWebUri = (uri: string) => /^https?:/i.test(uri);
  return declared === "native" || !redirectUris.every(isWebUri) ? "native" : "web";
}

/** An http URI on loopback: its host, and what follows the port. */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::\d{1,5})?((?:[/?]|$)[^#]*)$/;

/**
 * Whether a request may name this redirect URI: one of its client's, or on an address of loopback with another port
 * (RFC 8252 section 7.3). For `localhost` the port counts, unless the option says otherwise.
 */
export function isRedirectAllowed(
  redirectUri: string,
  { clientId, redirectUris }: { clientId: string; redirectUris: readonly string[] },
  { localhostRedirects }: Pick<Profile, "localhostRedirects">,
): boolean {
  if (redirectUris.includes(redirectUri)) return true;
  const [, host, rest] = LOOPBACK.exec(redirectUri) ?? [];
  if (host === undefined) return false;
  const needsPort =
    localhostRedirects === "exact" || (localhostRedirects === "documents" && !isDocumentId(clientId));
  if (host === "localhost" && needsPort) return false;
  return redirectUris.some((uri) => {
    const [, registeredHost, registeredRest] = LOOPBACK.exec(uri) ?? [];
    return registeredHost === host && registeredRest === rest;
  });
}
