/** Reads the instance's OAuth settings with the secret key. Older instances, and Clerk's older API, do not have them. */
import { AUDIENCE_ON, JWT_ON } from "../../../options/dashboard.js";
import { type Answer, orUnanswered, Unanswered } from "../ask.js";
import { check, fail, type OAuthSettings, ok, skipped, warn } from "../check.js";

const PATH = "/v1/instance/oauth_application_settings";

export const oauthSettings = check({
  id: "clerk.settings",
  title: "Clerk's settings",
  needs: ["environment.secret-key"],
  can: ["warn", "fail", "skipped"],
  async run({ ask, known }) {
    const { settings } = known;
    if (settings === undefined) throw new Error("the environment has not been read");
    const answer = await orUnanswered(
      ask(`${settings.apiUrl}${PATH}`, { headers: { authorization: `Bearer ${settings.secretKey}` } }),
    );
    if (answer instanceof Unanswered) return skipped(answer.message);
    const found = settingsIn(answer);
    if (found === undefined) return skipped(`Clerk does not return them (${answer.status})`);
    known.oauthSettings = found;
    if (found.includesAudience === false && settings.audience === "required") {
      return fail(
        "tokens have no audience, and CLERK_AUDIENCE is required: every one is refused",
        AUDIENCE_ON,
      );
    }
    if (found.includesAudience === false) {
      return warn("Tokens have no audience: other servers could accept them too.", AUDIENCE_ON);
    }
    if (found.issuesJwts === false) {
      return warn("Tokens are opaque: each one costs a call to Clerk per minute.", JWT_ON);
    }
    const { defaultScopes } = found;
    return ok(defaultScopes === undefined ? "read" : `default scopes ${defaultScopes.join(" ") || "none"}`);
  },
});

/** Members that are missing, new or of another type are passed over: the endpoint is young. */
function settingsIn({ status, json }: Answer): OAuthSettings | undefined {
  if (status !== 200 || typeof json !== "object" || json === null) return undefined;
  const members = json as Readonly<Record<string, unknown>>;
  if (members.object !== "oauth_application_settings") return undefined;
  const prefix = "client_id_metadata_documents";
  const scopes = members.default_scopes;
  return {
    ...flag("issuesJwts", members.oauth_jwt_access_tokens),
    ...flag("includesAudience", members.aud_claim_enabled),
    ...flag("takesOnlyPreRegistered", members[`${prefix}_only_allow_pre_registered_clients`]),
    ...flag("blocksImplicitlyAllowed", members[`${prefix}_block_implicitly_allowed_clients`]),
    ...(Array.isArray(scopes) && {
      defaultScopes: scopes.filter((scope): scope is string => typeof scope === "string"),
    }),
  };
}

function flag<Name extends keyof OAuthSettings>(name: Name, value: unknown): { [Each in Name]?: boolean } {
  return typeof value === "boolean" ? ({ [name]: value } as { [Each in Name]: boolean }) : {};
}
