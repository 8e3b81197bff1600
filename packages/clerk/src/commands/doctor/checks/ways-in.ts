/** Checks which clients Clerk lets in, and whether it gives them the scopes that the server asks for. */
import {
  CLIENT_DOCUMENTS_ON,
  DEFAULT_SCOPES,
  ONLY_PRE_REGISTERED_OFF,
  REGISTRATION_ON,
} from "../../../options/dashboard.js";
import { type Context, check, type Finding, fail, type Known, ok, warn } from "../check.js";
import { scopeWords } from "../wire.js";
import { metadataOf } from "./authorization-server.js";

const ONLY_REGISTER =
  "Cursor, Cline and OpenCode, which only register, and mcp-remote and the Inspector without --client-metadata-url";

/** They use their documents only if Clerk says that it takes public clients. */
const WANT_NONE = "Claude and Codex";

export const registration = check({
  id: "registration",
  title: "Ways in for clients",
  needs: ["clerk"],
  can: ["warn", "fail"],
  run(context) {
    const { takesDocuments, takesRegistrations } = waysIn(context.known);
    if (takesDocuments) return withDocuments(context);
    if (takesRegistrations) {
      const detail =
        "Only by registration, which MCP has deprecated in favor of metadata documents: ChatGPT reportedly refuses Clerk's response.";
      return warn(detail, CLIENT_DOCUMENTS_ON);
    }
    if (context.clientId !== undefined) {
      const detail = "Clerk accepts no unknown clients: each needs an ID, like the one you passed.";
      return warn(detail, CLIENT_DOCUMENTS_ON);
    }
    const fix = `${CLIENT_DOCUMENTS_ON}\nFor ${ONLY_REGISTER}: ${REGISTRATION_ON}`;
    return fail("Clerk accepts no unknown clients", fix);
  },
});

interface WaysIn {
  /** Client ID metadata documents (CIMD). */
  readonly takesDocuments: boolean;
  /** Dynamic client registration (RFC 7591). */
  readonly takesRegistrations: boolean;
}

export function waysIn(known: Known): WaysIn {
  const metadata = metadataOf(known);
  return {
    takesDocuments: metadata.client_id_metadata_document_supported === true,
    takesRegistrations: metadata.registration_endpoint !== undefined,
  };
}

function withDocuments({ known, signsIn }: Context): Finding<"warn"> {
  const { takesRegistrations } = waysIn(known);
  const { takesOnlyPreRegistered, blocksImplicitlyAllowed } = known.oauthSettings ?? {};
  if (takesOnlyPreRegistered || blocksImplicitlyAllowed) {
    const detail =
      "Of the clients with a metadata document, Clerk accepts only those that an administrator has allowed.";
    return warn(detail, `${ONLY_PRE_REGISTERED_OFF}, or allow each client there.`);
  }
  const methods = metadataOf(known).token_endpoint_auth_methods_supported;
  if (!takesRegistrations && !(Array.isArray(methods) && methods.includes("none"))) {
    const detail = `Clerk's metadata does not list none as a token_endpoint_auth_method: ${WANT_NONE} then try to register.`;
    return warn(detail, REGISTRATION_ON);
  }
  const ways = takesRegistrations
    ? "by metadata document or registration"
    : `by metadata document; ${ONLY_REGISTER}, need their own client ID`;
  return ok(signsIn ? ways : `${ways}; --sign-in tries it`);
}

/** Scopes that Clerk offers but a server should not advertise, with the reason. */
const UNWISE: ReadonlyMap<string, string> = new Map([
  ["openid", "Clerk refuses it (invalid_scope) for clients that register without scopes"],
  ["offline_access", "clients add it automatically if they need it"],
]);

export const scopes = check({
  id: "scopes",
  title: "Scopes",
  needs: ["metadata", "clerk"],
  can: ["warn", "fail"],
  run({ known }) {
    const inMetadata: unknown = known.resourceMetadata?.scopes_supported;
    const asked = new Set([
      ...scopeWords(known.challenge?.parameters.get("scope")),
      ...(Array.isArray(inMetadata) ? inMetadata.filter((scope) => typeof scope === "string") : []),
    ]);
    const supported = metadataOf(known).scopes_supported;
    const unknown = [...asked].filter((scope) => Array.isArray(supported) && !supported.includes(scope));
    if (unknown.length > 0) {
      const fix =
        "Remove it from scopes and requiredScopes in src/middleware.ts, or add it in Clerk Dashboard → OAuth applications → Scopes and advertise it.";
      return fail(`Clerk does not have ${unknown.join(", ")}: it returns invalid_scope`, fix);
    }
    const unwise = [...asked].flatMap((scope) =>
      UNWISE.has(scope) ? [`${scope}: ${UNWISE.get(scope)}`] : [],
    );
    if (unwise.length > 0) {
      const fix = "Advertise profile and email, and what your tools need: scopes in src/middleware.ts.";
      return warn(`${unwise.join("; ")}.`, fix);
    }
    const defaults = known.oauthSettings?.defaultScopes;
    const beyond = [...asked].filter((scope) => defaults !== undefined && !defaults.includes(scope));
    if (beyond.length > 0) {
      const detail = `Clients that have a metadata document, or register without scopes, cannot request ${beyond.join(", ")}: Clerk returns invalid_scope.`;
      return warn(detail, `${DEFAULT_SCOPES}: add it.`);
    }
    return ok([...asked].join(" ") || "none");
  },
});
