/** A client ID metadata document: what Clerk requires of it, and what it is used for. */
import { z } from "zod";
import { ClientRefused } from "./client-refused.js";

/** A checked document. */
export interface ClientDocument {
  /** Its own URL. */
  readonly clientId: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
}

const MAX_REDIRECT_URIS = 100;

// Other members are ignored, also `scope`: the instance's default scopes decide.
const schema = z.object({
  client_id: z.string(),
  client_name: z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(200, "is too long")
    .regex(/^\P{C}+$/u, "must have no control or format characters"),
  redirect_uris: z.array(z.url("must be URLs")).min(1, "must not be empty").max(MAX_REDIRECT_URIS),
  token_endpoint_auth_method: z.literal("none", "must be none: the client is public").optional(),
  client_secret: z.undefined("must be absent").optional(),
  client_secret_expires_at: z.undefined("must be absent").optional(),
});

/**
 * Checks a document.
 *
 * @param clientId the URL that it was asked for
 * @throws {ClientRefused}
 */
export function clientDocument(clientId: string, document: unknown): ClientDocument {
  const result = schema.safeParse(document);
  if (!result.success) {
    const [issue] = result.error.issues;
    const member = String(issue?.path[0] ?? "");
    throw invalid(member === "" ? "is not a JSON object" : `has an unusable ${member}: ${issue?.message}`);
  }
  const { client_id, client_name, redirect_uris } = result.data;
  if (client_id !== clientId) throw invalid("has another client_id than its URL");
  return { clientId, name: client_name, redirectUris: redirect_uris };
}

function invalid(problem: string): ClientRefused {
  return new ClientRefused("invalid_client_metadata", `the client's metadata document ${problem}`);
}
