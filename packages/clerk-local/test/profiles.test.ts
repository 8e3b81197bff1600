/** The named profiles: states that a Clerk instance can be in. */
import { type ClerkLocalOptions, createClerkLocal, type ProfileName } from "@xmcp-dev/clerk-local";
import { expect, it } from "vitest";
import { backend, json, standIn } from "./support/stand-in.js";

async function settings(options: ClerkLocalOptions): Promise<Record<string, unknown>> {
  const local = await standIn(options);
  const {
    dynamic_oauth_client_registration: registration,
    client_id_metadata_documents_advertised: documents,
    aud_claim_enabled: audience,
    oauth_jwt_access_tokens: jwt,
  } = await json(await backend(local, "/v1/instance/oauth_application_settings"));
  return { registration, documents, audience, jwt };
}

it.each<[ProfileName, Record<string, boolean>]>([
  ["newest", { registration: true, documents: true, audience: true, jwt: true }],
  ["mcp-server-added", { registration: false, documents: true, audience: true, jwt: true }],
  ["fresh-instance", { registration: false, documents: false, audience: false, jwt: true }],
  ["captured-2026", { registration: true, documents: false, audience: false, jwt: true }],
])("%s", async (profile, expected) => {
  expect(await settings({ profile })).toEqual(expected);
});

it("newest is the default", async () => {
  expect(await settings({})).toEqual(await settings({ profile: "newest" }));
});

it("an option that is given takes precedence over the profile", async () => {
  expect(await settings({ profile: "fresh-instance", registration: true, tokenFormat: "opaque" })).toEqual({
    registration: true,
    documents: false,
    audience: false,
    jwt: false,
  });
});

it("an unknown profile stops the start", async () => {
  await expect(createClerkLocal({ profile: "production" as ProfileName })).rejects.toThrow(
    'profile must be one of "newest", "mcp-server-added", "fresh-instance", "captured-2026"',
  );
});
