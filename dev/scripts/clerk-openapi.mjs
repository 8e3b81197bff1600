/**
 * Writes the trimmed copy of Clerk's Backend API description that the local Clerk's tests hold its answers against:
 *
 *     node dev/scripts/clerk-openapi.mjs path/to/bapi/2026-05-12.yml
 *
 * The description is `bapi/<version>.yml` of https://github.com/clerk/openapi-specs (MIT). The copy has the operations
 * that the local Clerk answers, each with the query parameters and the schemas of its answers, and no descriptions.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Without types of its own. @type {{ load(text: string): any }} */
const yaml = createRequire(import.meta.url)("js-yaml");

const TARGET = new URL("../../packages/clerk-local/test/clerk-backend-api.json", import.meta.url);

/** What the local Clerk answers. */
const OPERATIONS = [
  "/jwks GET",
  "/users GET POST",
  "/users/count GET",
  "/users/{user_id} GET PATCH DELETE",
  "/users/{user_id}/ban POST",
  "/users/{user_id}/unban POST",
  "/users/{user_id}/lock POST",
  "/users/{user_id}/unlock POST",
  "/users/{user_id}/metadata PATCH PUT",
  "/users/{user_id}/oauth_access_tokens/{provider} GET",
  "/users/{user_id}/organization_memberships GET",
  "/users/{user_id}/organization_invitations GET",
  "/sessions GET",
  "/sessions/{session_id} GET",
  "/sessions/{session_id}/revoke POST",
  "/sign_in_tokens POST",
  "/sign_in_tokens/{sign_in_token_id}/revoke POST",
  "/organizations GET POST",
  "/organizations/{organization_id} GET PATCH DELETE",
  "/organizations/{organization_id}/metadata PATCH PUT",
  "/organizations/{organization_id}/memberships GET POST",
  "/organizations/{organization_id}/memberships/{user_id} PATCH DELETE",
  "/organizations/{organization_id}/memberships/{user_id}/metadata PATCH",
  "/organizations/{organization_id}/invitations GET POST",
  "/organizations/{organization_id}/invitations/bulk POST",
  "/organizations/{organization_id}/invitations/pending GET",
  "/organizations/{organization_id}/invitations/{invitation_id} GET",
  "/organizations/{organization_id}/invitations/{invitation_id}/revoke POST",
  "/organization_memberships GET",
  "/organization_invitations GET",
  "/organization_roles GET",
  "/organization_permissions GET",
  "/oauth_applications GET POST",
  "/oauth_applications/{oauth_application_id} GET PATCH DELETE",
  "/oauth_applications/{oauth_application_id}/rotate_secret POST",
  "/oauth_applications/{oauth_application_id}/revoke_token POST",
  "/oauth_applications/access_tokens/verify POST",
  "/instance/oauth_application_settings GET PATCH",
  "/machines GET POST",
  "/machines/{machine_id} GET",
  "/machines/{machine_id}/secret_key GET",
  "/api_keys GET POST",
  "/api_keys/{apiKeyID} GET PATCH DELETE",
  "/api_keys/{apiKeyID}/revoke POST",
  "/api_keys/{apiKeyID}/secret GET",
  "/api_keys/verify POST",
  "/m2m_tokens GET POST",
  "/m2m_tokens/{m2m_token_id}/revoke POST",
  "/m2m_tokens/verify POST",
];

/** Keywords that say nothing about what is valid. */
const PROSE = ["description", "example", "examples", "deprecated", "title", "externalDocs", "discriminator"];

/** Every refusal has this shape, unless an operation has a schema of its own for it. */
const REFUSAL = "#/components/schemas/ClerkErrors";

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error("Usage: node dev/scripts/clerk-openapi.mjs <bapi/version.yml>");
const clerk = yaml.load(readFileSync(source, "utf8"));
const schemas = new Map();

const paths = Object.fromEntries(
  OPERATIONS.map((line) => {
    const [path = "", ...methods] = line.split(" ");
    return [path, Object.fromEntries(methods.map((method) => [method, operation(path, method)]))];
  }),
);
keepReferences({ $ref: REFUSAL });

const copy = {
  $comment: `A part of Clerk's published description of the Backend API, version ${clerk.info.version}, from https://github.com/clerk/openapi-specs, written by dev/scripts/clerk-openapi.mjs. ${license()}`,
  paths,
  components: { schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))) },
};
writeFileSync(TARGET, `${JSON.stringify(copy, null, 1)}\n`);

/** @param {string} path @param {string} method */
function operation(path, method) {
  const { [method.toLowerCase()]: described, parameters: shared = [] } = clerk.paths[path] ?? {};
  if (!described) throw new Error(`${source} does not describe ${method} ${path}.`);
  const parameters = [...shared, ...(described.parameters ?? [])].map(resolved);
  return {
    query: parameters.filter((entry) => entry.in === "query").map((entry) => entry.name),
    answers: Object.fromEntries(
      Object.entries(described.responses).flatMap(([status, answer]) => {
        const schema = resolved(answer).content?.["application/json"]?.schema;
        const isPlainRefusal = Number(status) >= 400 && (schema?.$ref ?? REFUSAL) === REFUSAL;
        return isPlainRefusal ? [] : [[status, schema === undefined ? null : kept(schema)]];
      }),
    ),
  };
}

/** @param {any} value */
function resolved(value) {
  if (typeof value.$ref !== "string") return value;
  const [, , kind, name] = value.$ref.split("/");
  return clerk.components[kind][name];
}

/** The schema without prose. Keeps the schemas that it refers to. @param {any} schema @returns {any} */
function kept(schema) {
  const plain = withoutProse(schema);
  keepReferences(plain);
  return plain;
}

/** @param {any} value @returns {any} */
function withoutProse(value) {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !isProse(name));
  const plain = Object.fromEntries(
    entries.map(([name, inner]) => [name, name === "properties" ? members(inner) : withoutProse(inner)]),
  );
  if (plain.nullable === undefined || plain.type !== undefined) return plain;
  // Validators know `nullable` only beside a type.
  const { nullable, ...others } = plain;
  return nullable ? { anyOf: [others, { type: "null" }] } : others;
}

/** Members may be named like keywords. @param {any} properties */
function members(properties) {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, withoutProse(schema)]));
}

/** @param {string} name */
function isProse(name) {
  return PROSE.includes(name) || name.startsWith("x-");
}

/** @param {any} value */
function keepReferences(value) {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const referred = name === "$ref" && /^#\/components\/schemas\/(.+)$/.exec(inner)?.[1];
    if (!referred) keepReferences(inner);
    else if (!schemas.has(referred)) {
      // Before its own references, for a schema may refer to itself.
      schemas.set(referred, withoutProse(clerk.components.schemas[referred]));
      keepReferences(schemas.get(referred));
    }
  }
}

function license() {
  const other = JSON.parse(readFileSync(new URL("clerk-openapi.json", TARGET), "utf8"));
  return /Copyright \(c\).*/s.exec(other.$comment)?.[0];
}
