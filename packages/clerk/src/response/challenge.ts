import type { Settings } from "../options/settings.js";
import { metadataURL } from "./protected-resource-metadata.js";

/** The `error` values of RFC 6750 section 3.1. */
export type ChallengeError = "invalid_request" | "invalid_token" | "insufficient_scope";

/**
 * A `WWW-Authenticate` value (RFC 6750 section 3, RFC 9728 section 5.1), without `error` if the request had no
 * credential. `error_description` is omitted: some clients search it for the other parameters.
 */
export function challenge(
  settings: Settings,
  error: ChallengeError | undefined,
  scopes: readonly string[] = settings.scopes,
): string {
  const parameters = [
    ...(error === undefined ? [] : [`error="${error}"`]),
    `scope="${scopes.join(" ")}"`,
    `resource_metadata="${metadataURL(settings)}"`,
  ];
  return `Bearer ${parameters.join(", ")}`;
}
