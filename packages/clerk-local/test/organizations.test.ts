/** Organizations, their members and invitations in the Backend API. */
import { describe, expect, it } from "vitest";
import { proves } from "./support/behaviour.js";
import { backend, json, refusal, sdk, send, standIn } from "./support/stand-in.js";

const ids = (local: Awaited<ReturnType<typeof standIn>>) => ({
  acme: local.organizations.get("acme").id,
  globex: local.organizations.get("globex").id,
  ada: local.users.get("ada").id,
  bob: local.users.get("bob").id,
  grace: local.users.get("grace").id,
});

describe("an organization", () => {
  it(
    "is created with its creator as administrator, changed and deleted with the SDK",
    proves("organization-changes", "creating, changing and deleting organizations", ["OpenAPI", "SDK"]),
    async () => {
      const local = await standIn();
      const { ada } = ids(local);
      const { organizations } = sdk(local);
      const created = await organizations.createOrganization({
        name: "Initech & Sons",
        createdBy: ada,
        publicMetadata: { plan: "free" },
        maxAllowedMemberships: 3,
      });
      expect(created).toMatchObject({
        name: "Initech & Sons",
        slug: "initech-sons",
        createdBy: ada,
        maxAllowedMemberships: 3,
        publicMetadata: { plan: "free" },
      });
      expect(local.users.memberships("ada")[0]).toMatchObject({
        organizationId: created.id,
        role: "org:admin",
      });

      const changed = await organizations.updateOrganization(created.id, {
        name: "Initrode",
        slug: "initrode",
      });
      expect([changed.name, changed.slug]).toEqual(["Initrode", "initrode"]);
      const merged = await organizations.updateOrganizationMetadata(created.id, {
        publicMetadata: { plan: null, seats: { free: 1 } },
        privateMetadata: { crm: 1 },
      });
      expect([merged.publicMetadata, merged.privateMetadata]).toEqual([{ seats: { free: 1 } }, { crm: 1 }]);
      const replaced = await organizations.replaceOrganizationMetadata(created.id, {
        publicMetadata: { a: 1 },
      });
      expect([replaced.publicMetadata, replaced.privateMetadata]).toEqual([{ a: 1 }, { crm: 1 }]);

      await organizations.deleteOrganization(created.id);
      expect(local.organizations.list()).toHaveLength(2);
      await expect(organizations.getOrganization({ organizationId: created.id })).rejects.toMatchObject({
        status: 404,
      });
    },
  );

  it.each([
    ["without a name", {}, 422, "form_param_missing"],
    ["with a link as name", { name: "See https://example.com" }, 422, "form_param_value_invalid"],
    ["with a name that is too long", { name: "x".repeat(257) }, 422, "form_param_max_length_exceeded"],
    ["with a number as name", { name: 7 }, 422, "form_param_type_invalid"],
    ["with a slug that is taken", { name: "Other", slug: "acme" }, 422, "form_identifier_exists"],
    ["with a slug in capitals", { name: "Other", slug: "Other" }, 422, "form_param_format_invalid"],
    ["of nobody", { name: "Other", created_by: "user_nobody" }, 400, "organization_creator_not_found"],
    ["with an unknown member", { name: "Other", color: "red" }, 422, "form_param_unknown"],
    [
      "with metadata that is no object",
      { name: "Other", public_metadata: [] },
      422,
      "form_param_value_invalid",
    ],
  ])("%s is refused", async (_name, body, status, code) => {
    const local = await standIn();
    expect(await refusal(await send(local, "POST", "/v1/organizations", body))).toEqual([status, code]);
    expect(local.organizations.list()).toHaveLength(2);
  });

  it("cannot take the slug of another", async () => {
    const local = await standIn();
    const path = `/v1/organizations/${ids(local).globex}`;
    expect(await refusal(await send(local, "PATCH", path, { slug: "acme" }))).toEqual([
      422,
      "form_identifier_exists",
    ]);
    expect((await send(local, "PATCH", path, { slug: "globex" })).status).toBe(200);
  });
});

describe("a member", () => {
  it(
    "is added, gets another role and metadata, and is removed with the SDK",
    proves("membership-changes", "adding, changing and removing members of an organization", [
      "OpenAPI",
      "SDK",
    ]),
    async () => {
      const local = await standIn();
      const { acme: organizationId, grace: userId } = ids(local);
      const { organizations } = sdk(local);
      const member = { organizationId, userId };
      const added = await organizations.createOrganizationMembership({ ...member, role: "org:member" });
      expect([added.role, added.permissions]).toEqual([
        "org:member",
        ["org:documents:read", "org:sys_memberships:read"],
      ]);
      expect((await organizations.updateOrganizationMembership({ ...member, role: "org:admin" })).role).toBe(
        "org:admin",
      );
      const withMetadata = await organizations.updateOrganizationMembershipMetadata({
        ...member,
        publicMetadata: { desk: 4 },
      });
      expect(withMetadata.publicMetadata).toEqual({ desk: 4 });
      expect((await organizations.deleteOrganizationMembership(member)).publicMetadata).toEqual({ desk: 4 });
      expect(local.users.memberships("grace")).toEqual([]);
    },
  );

  it.each([
    ["twice", "ada", "org:member", 400, "already_a_member_in_organization"],
    ["with a role that does not exist", "grace", "org:king", 404, "resource_not_found"],
    ["who does not exist", "nobody", "org:member", 404, "resource_not_found"],
  ])("%s cannot be added", async (_name, user, role, status, code) => {
    const local = await standIn();
    const known = ids(local);
    const userId = known[user as keyof typeof known] ?? user;
    const path = `/v1/organizations/${known.acme}/memberships`;
    expect(await refusal(await send(local, "POST", path, { user_id: userId, role }))).toEqual([status, code]);
  });

  it("who alone can manage the others can neither leave nor lose that role", async () => {
    const local = await standIn();
    const { acme, ada, bob } = ids(local);
    const path = `/v1/organizations/${acme}/memberships/${ada}`;
    const needed = [400, "organization_minimum_permissions_needed"];
    expect(await refusal(await backend(local, path, { method: "DELETE" }))).toEqual(needed);
    expect(await refusal(await send(local, "PATCH", path, { role: "org:member" }))).toEqual(needed);
    await send(local, "PATCH", `/v1/organizations/${acme}/memberships/${bob}`, { role: "org:admin" });
    expect((await backend(local, path, { method: "DELETE" })).status).toBe(200);
    expect((await backend(local, path, { method: "DELETE" })).status).toBe(404);
  });

  it("too many is refused, if the organization has a limit", async () => {
    const local = await standIn();
    const { acme, grace } = ids(local);
    await send(local, "PATCH", `/v1/organizations/${acme}`, { max_allowed_memberships: 2 });
    const full = [403, "organization_membership_quota_exceeded"];
    const member = { user_id: grace, role: "org:member" };
    const invitation = { email_address: "new@example.com", role: "org:member" };
    const path = `/v1/organizations/${acme}`;
    expect(await refusal(await send(local, "POST", `${path}/memberships`, member))).toEqual(full);
    expect(await refusal(await send(local, "POST", `${path}/invitations`, invitation))).toEqual(full);
  });
});

describe("an invitation", () => {
  it(
    "is made, found and revoked with the SDK",
    proves("organization-invitations", "invitations to an organization", ["OpenAPI", "SDK"]),
    async () => {
      const local = await standIn();
      const { acme: organizationId, ada } = ids(local);
      const { organizations, users } = sdk(local);
      const made = await organizations.createOrganizationInvitation({
        organizationId,
        emailAddress: "grace@example.com",
        role: "org:member",
        inviterUserId: ada,
        publicMetadata: { team: 1 },
        expiresInDays: 2,
      });
      expect(made).toMatchObject({ status: "pending", role: "org:member", publicMetadata: { team: 1 } });
      expect(made.expiresAt - made.createdAt).toBe(2 * 86_400_000);
      const { data } = await organizations.createOrganizationInvitationBulk(organizationId, [
        { emailAddress: "b@example.com", role: "org:member" },
        { emailAddress: "a@example.com", role: "org:admin" },
      ]);
      expect(data).toHaveLength(2);
      expect((await organizations.getOrganization({ organizationId })).slug).toBe("acme");
      expect(await json(await backend(local, "/v1/organizations/acme"))).toMatchObject({
        pending_invitations_count: 3,
      });

      const list = (query: string) =>
        backend(local, `/v1/organizations/${organizationId}/invitations${query}`);
      const emails = async (answer: Response) =>
        ((await json(answer)).data as { email_address: string }[]).map((entry) => entry.email_address);
      expect(await emails(await list("?order_by=email_address"))).toEqual([
        "a@example.com",
        "b@example.com",
        "grace@example.com",
      ]);
      expect(await emails(await list("?email_address=B@example.com"))).toEqual(["b@example.com"]);
      const invitation = { organizationId, invitationId: made.id };
      expect(
        (await organizations.revokeOrganizationInvitation({ ...invitation, requestingUserId: ada })).status,
      ).toBe("revoked");
      expect((await organizations.getOrganizationInvitation(invitation)).status).toBe("revoked");
      const pending = await organizations.getOrganizationInvitationList({
        organizationId,
        status: ["pending"],
      });
      expect(pending.totalCount).toBe(2);
      expect(await emails(await list("/pending"))).toHaveLength(2);
      expect(
        (await users.getOrganizationInvitationList({ userId: local.users.get("grace").id })).data.map(
          ({ id, publicOrganizationData }) => [id, publicOrganizationData?.slug],
        ),
      ).toEqual([[made.id, "acme"]]);
      expect(await emails(await backend(local, "/v1/organization_invitations?status=revoked"))).toEqual([
        "grace@example.com",
      ]);
      await expect(organizations.revokeOrganizationInvitation(invitation)).rejects.toMatchObject({
        status: 400,
      });
    },
  );

  it("expires", async () => {
    const local = await standIn();
    const { acme: organizationId } = ids(local);
    const { organizations } = sdk(local);
    const { id } = await organizations.createOrganizationInvitation({
      organizationId,
      emailAddress: "new@example.com",
      role: "org:member",
    });
    local.clock({ offsetSeconds: 30 * 86_400 });
    const found = await organizations.getOrganizationInvitation({ organizationId, invitationId: id });
    expect(found.status).toBe("expired");
  });

  it.each([
    ["of a member", { email_address: "bob@example.com" }, 400, "already_a_member_in_organization"],
    ["with a role that does not exist", { role: "org:king" }, 404, "resource_not_found"],
    ["without an address", { email_address: undefined }, 422, "form_param_missing"],
    ["to what is no address", { email_address: "new" }, 422, "form_param_format_invalid"],
    ["by a stranger", { inviter_user_id: "grace" }, 403, "not_a_member_in_organization"],
    ["by a member who may not", { inviter_user_id: "bob" }, 403, "missing_organization_permission"],
    ["for ever", { expires_in_days: 366 }, 422, "form_param_value_too_large"],
  ])("%s is refused", async (_name, change, status, code) => {
    const local = await standIn();
    const known = ids(local);
    const body = { email_address: "new@example.com", role: "org:member", ...change };
    if ("inviter_user_id" in body) body.inviter_user_id = local.users.get(String(body.inviter_user_id)).id;
    const path = `/v1/organizations/${known.acme}/invitations`;
    expect(await refusal(await send(local, "POST", path, body))).toEqual([status, code]);
    expect(await refusal(await send(local, "POST", `${path}/bulk`, [body]))).toEqual([status, code]);
  });

  it("is refused twice to the same address, and none of a bulk is made then", async () => {
    const local = await standIn();
    const path = `/v1/organizations/${ids(local).acme}/invitations`;
    const invitations = ["a@example.com", "A@example.com"].map((email_address) => ({
      email_address,
      role: "org:member",
    }));
    const twice = [400, "organization_invitation_not_unique"];
    expect(await refusal(await send(local, "POST", `${path}/bulk`, invitations))).toEqual(twice);
    expect((await send(local, "POST", path, invitations[0])).status).toBe(200);
    expect(await refusal(await send(local, "POST", path, invitations[1]))).toEqual(twice);
  });
});
