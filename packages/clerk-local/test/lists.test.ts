/** The filters and the order of the Backend API's lists. A filter that has no effect would be a leak in the making. */
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { beforeAll, describe, expect, it } from "vitest";
import { proves } from "./support/behaviour.js";
import { backendApi } from "./support/clerk-answers.js";
import { backend, json, refusal, sdk, sharedStandIn } from "./support/stand-in.js";

const YESTERDAY = Date.now() - 86_400_000;
const TOMORROW = Date.now() + 86_400_000;

const local = sharedStandIn();
const ids: Record<string, string> = {};

beforeAll(() => {
  const { users, organizations } = local();
  const { id } = users.create({
    username: "zoe",
    email: "zoe@example.org",
    otherEmails: ["zed@example.net"],
    phoneNumbers: ["+15550100"],
    firstName: "Zoë",
    externalId: "crm-7",
  });
  organizations.addMember("globex", id, "org:admin");
  for (const user of users.list()) ids[user.username] = user.id;
  for (const organization of organizations.list()) ids[organization.slug] = organization.id;
});

/** Replaces `{ada}` with the id of Ada. */
function filled(query: string): string {
  return query.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? "");
}

async function list(path: string): Promise<Record<string, unknown>[]> {
  const answer = await backend(local(), filled(path));
  expect(answer.status).toBe(200);
  const body = (await answer.json()) as unknown;
  if (Array.isArray(body)) return body as Record<string, unknown>[];
  return (body as { data: Record<string, unknown>[] }).data;
}

describe("users", () => {
  it.each([
    ["", "zoe eve grace bob ada"],
    ["organization_id={acme}", "bob ada"],
    ["organization_id=%2B{acme}", "bob ada"],
    ["organization_id=-{acme}", "zoe eve grace"],
    ["organization_id={globex}&organization_id=-{acme}", "zoe"],
    ["user_id={ada}&user_id=+{bob}", "bob ada"],
    ["user_id=-{ada}&user_id=-{zoe}", "eve grace bob"],
    ["user_id=user_nobody", ""],
    ["username=ada&username=nobody", "ada"],
    ["email_address=ADA@example.com", "ada"],
    ["email_address=zed@example.net", "zoe"],
    ["external_id=crm-7", "zoe"],
    ["external_id=-crm-7", "eve grace bob ada"],
    ["phone_number=%2B15550100", "zoe"],
    ["phone_number_query=555", "zoe"],
    ["web3_wallet=0x1", ""],
    ["query=LOVE", "ada"],
    ["query=example.net", "zoe"],
    ["query={grace}", "grace"],
    ["email_address_query=example.com", "eve grace bob ada"],
    ["username_query=OE", "zoe"],
    ["name_query=race", "grace"],
    ["name_query=grace%20hop", "grace"],
    ["banned=true", "eve"],
    ["banned=false&query=example.com", "grace bob ada"],
    [`created_at_after=${TOMORROW}`, ""],
    [`created_at_before=${TOMORROW}&limit=1`, "zoe"],
    [`last_sign_in_at_after=${YESTERDAY}`, ""],
    [`last_active_at_since=${YESTERDAY}`, ""],
    ["provider=oauth_google&provider_user_id=1", ""],
    ["order_by=username", "ada bob eve grace zoe"],
    ["order_by=-first_name", "zoe grace eve bob ada"],
    ["order_by=+created_at&limit=2", "ada bob"],
    ["order_by=email_address&limit=1", "ada"],
  ])("%s", async (query, usernames) => {
    const found = await list(`/v1/users?${query}`);
    expect(found.map((user) => user.username)).toEqual(usernames.split(" ").filter(Boolean));
    const filters = query.replaceAll(/&?(order_by|limit)=[^&]*/g, "");
    const count = await json(await backend(local(), filled(`/v1/users/count?${filters}`)));
    if (!query.includes("limit")) expect(count.total_count).toBe(found.length);
  });

  it(
    "are counted by the SDK as they are listed",
    proves("filters", "users, organizations and memberships: filters and `order_by`", ["OpenAPI", "SDK"]),
    async () => {
      const { users } = sdk(local());
      const { data, totalCount } = await users.getUserList({ organizationId: [ids.acme ?? ""], limit: 1 });
      expect([data.map((user) => user.username), totalCount]).toEqual([["bob"], 2]);
      expect(await users.getCount({ query: "lovelace" })).toBe(1);
    },
  );
});

describe("users who have signed in", () => {
  it("are found by when", async () => {
    const own = local();
    own.autoApprove({ user: "ada" });
    const { searchParams } = new URL(await location(own), own.issuer);
    expect(searchParams.get("code")).toBeTruthy();
    own.autoApprove(false);
    for (const query of [`last_sign_in_at_after=${YESTERDAY}`, `last_active_at_since=${YESTERDAY}`]) {
      expect((await list(`/v1/users?${query}`)).map((user) => user.username)).toEqual(["ada"]);
    }
    expect(await list(`/v1/users?last_sign_in_at_before=${YESTERDAY}`)).toEqual([]);
  });

  async function location({ issuer }: ClerkLocal): Promise<string> {
    const url = new URL(`${issuer}/oauth/authorize`);
    url.search = String(
      new URLSearchParams({
        client_id: "client_local000000000000000000static",
        response_type: "code",
        redirect_uri: "http://127.0.0.1/callback",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
        state: "a-long-state",
      }),
    );
    return (await fetch(url, { redirect: "manual" })).headers.get("location") ?? "";
  }
});

describe("organizations", () => {
  it.each([
    ["", "globex acme"],
    ["user_id={bob}", "acme"],
    ["user_id=-{bob}", "globex"],
    ["user_id={grace}", ""],
    ["organization_id={acme}", "acme"],
    ["organization_id=-{acme}", "globex"],
    ["query=GLO", "globex"],
    ["query={acme}", "acme"],
    ["query=org_local", ""],
    ["order_by=name", "acme globex"],
    ["order_by=-members_count&limit=1", "globex"],
  ])("%s", async (query, slugs) => {
    const found = await list(`/v1/organizations?${query}`);
    expect(found.map(({ slug }) => slug)).toEqual(slugs.split(" ").filter(Boolean));
  });

  it("have a number of members only if it is asked for", async () => {
    expect((await list("/v1/organizations"))[0]).not.toHaveProperty("members_count");
    expect(await list("/v1/organizations?include_members_count=true&order_by=name")).toMatchObject([
      { slug: "acme", members_count: 2 },
      { slug: "globex", members_count: 2 },
    ]);
    expect(
      await json(
        await backend(
          local(),
          "/v1/organizations/acme?include_members_count=true&include_missing_member_with_elevated_permissions=true",
        ),
      ),
    ).toMatchObject({ members_count: 2, missing_member_with_elevated_permissions: false });
  });
});

describe("the members of an organization", () => {
  it.each([
    ["", "bob ada"],
    ["role=org:admin", "ada"],
    ["role=org:admin&role=org:member", "bob ada"],
    ["role=org:nothing", ""],
    ["user_id={bob}", "bob"],
    ["user_id=-{bob}", "ada"],
    ["query=babb", "bob"],
    ["email_address=bob@example.com", "bob"],
    ["email_address_query=ada", "ada"],
    ["username=ada", "ada"],
    ["username_query=o", "bob"],
    ["name_query=ada", "ada"],
    ["phone_number=%2B15550100", ""],
    [`created_at_after=${TOMORROW}`, ""],
    ["order_by=first_name", "ada bob"],
    ["order_by=-email_address", "bob ada"],
  ])("%s", async (query, usernames) => {
    const found = await list(`/v1/organizations/{acme}/memberships?${query}`);
    const names = found.map((entry) => (entry.public_user_data as { username: string }).username);
    expect(names).toEqual(usernames.split(" ").filter(Boolean));
  });

  it("of all organizations are listed in any order", async () => {
    const { data, totalCount } = await sdk(local()).organizations.getInstanceOrganizationMembershipList({
      orderBy: "+username",
    });
    expect(totalCount).toBe(4);
    expect(data.map(({ publicUserData }) => publicUserData?.identifier)).toEqual([
      "ada@example.com",
      "ada@example.com",
      "bob@example.com",
      "zoe@example.org",
    ]);
  });
});

describe("roles and permissions", () => {
  it(
    "are listed with what they hold",
    proves("roles-and-permissions", "lists of roles and permissions", ["OpenAPI", "SDK"]),
    async () => {
      const { organizationRoles, organizationPermissions } = sdk(local());
      const roles = await organizationRoles.getOrganizationRoleList({ orderBy: "key" });
      expect(roles.data.map(({ key, name, isCreatorEligible }) => [key, name, isCreatorEligible])).toEqual([
        ["org:admin", "Admin", true],
        ["org:member", "Member", false],
      ]);
      expect(roles.data[1]?.permissions.map(({ key }) => key)).toEqual([
        "org:documents:read",
        "org:sys_memberships:read",
      ]);
      const permissions = await organizationPermissions.getOrganizationPermissionList({ query: "DOCUMENTS" });
      expect(permissions.totalCount).toBe(3);
      expect((await list("/v1/organization_permissions?query=sys"))[0]).toMatchObject({ type: "system" });
    },
  );
});

/** Every list that the local Clerk answers. */
const LISTS = Object.entries(backendApi.paths)
  .filter(([path, { GET }]) => GET && GET.query.length > 0 && !/api_keys|m2m_tokens/.test(path))
  .map(([path, { GET }]) => ({ path, query: GET?.query ?? [] }));

/** A value for the parameters that do not take any text. */
const VALUES: Record<string, string> = {
  limit: "1",
  offset: "1",
  order_by: "created_at",
  paginated: "true",
  banned: "true",
  status: "pending",
  include_members_count: "true",
  include_missing_member_with_elevated_permissions: "true",
  provider: "oauth_google&provider_user_id=1",
  provider_user_id: "1&provider=oauth_google",
  starting_after: "{ada}",
};

describe("no parameter is ignored", () => {
  const at = (path: string) =>
    filled(
      `/v1${path}`
        .replace("{user_id}", "{ada}")
        .replace("{organization_id}", "{acme}")
        .replace("{provider}", "oauth_google"),
    );

  it.each(LISTS)("of GET $path: Clerk's are all known", async ({ path, query }) => {
    for (const name of query) {
      const value = path === "/sessions" && name === "status" ? "active" : VALUES[name];
      const answer = await backend(
        local(),
        filled(`${at(path)}?${name}=${value ?? (/_at_/.test(name) ? "1" : "x")}`),
      );
      expect([name, answer.status]).toEqual([name, 200]);
    }
  });

  it.each(LISTS)(
    "of GET $path: one that Clerk does not have is refused",
    proves("unknown-filter", "a filter that Clerk does not have is refused", "guess", "no switch"),
    async ({ path }) => {
      const answer = await backend(local(), `${at(path)}?organisation_id=x`);
      expect(await refusal(answer)).toEqual([422, "form_param_unknown"]);
    },
  );

  it.each([
    ["/users?order_by=bogus", "form_param_value_invalid"],
    ["/users?order_by=", "form_param_value_invalid"],
    ["/organizations?order_by=slug", "form_param_value_invalid"],
    ["/machines?order_by=id", "form_param_value_invalid"],
    ["/users?banned=maybe", "form_param_value_invalid"],
    ["/users?created_at_after=yesterday", "form_param_invalid_date"],
    ["/users?query=a&query=b", "form_param_duplicate"],
    ["/users?provider=oauth_google", "form_conditional_param_missing"],
    [
      `/users?${Array.from({ length: 101 }, (_, index) => `user_id=${index}`).join("&")}`,
      "form_param_array_size_exceeded",
    ],
    ["/sessions?status=asleep", "form_param_value_invalid"],
  ])("%.40s is refused", async (path, code) => {
    expect(await refusal(await backend(local(), `/v1${path}`))).toEqual([422, code]);
  });

  it("of keys and machine tokens, with their own status", async () => {
    for (const path of [`/v1/api_keys?subject=${ids.ada}`, "/v1/m2m_tokens?subject=mch_x"]) {
      expect(await refusal(await backend(local(), `${path}&color=red`))).toEqual([400, "bad_request"]);
    }
  });
});
