/** Invitations to organizations. They can be created and revoked, but not accepted. No mail is sent. */
import { z } from "zod";
import type { Directory, LocalInvitation, LocalOrganization } from "../directory/directory.js";
import { Refused } from "../http/clerk-error.js";
import { email, optionalFlag, optionalText, text } from "./fields.js";
import { refuseFull, refuseMember, refuseUnknownRole } from "./memberships.js";
import { metadata, metadataOf } from "./metadata.js";
import { orderBy, ordered } from "./order.js";
import { invitationResource, placedInvitationResource } from "./organization-resources.js";
import { organizationOf } from "./organizations.js";
import { formOf } from "./parameters.js";
import type { BackendApiParts } from "./parts.js";
import { listOf, pageQuery, someOf, word } from "./query.js";
import { missing, notFound } from "./refusals.js";
import type { Route } from "./route.js";

const DAY = 86_400;

/** The permission to invite. */
const INVITE = "org:sys_memberships:manage";

const creation = z.strictObject({
  email_address: email,
  role: text,
  inviter_user_id: optionalText,
  public_metadata: metadata.nullable().optional(),
  private_metadata: metadata.nullable().optional(),
  redirect_url: z.url("must be a valid url.").nullable().optional(),
  expires_in_days: z.int().min(1).max(365).nullable().optional(),
  notify: optionalFlag,
});
const bulk = z.array(creation).min(1).max(10);
const revocation = z.strictObject({ requesting_user_id: optionalText });

const statuses = someOf("pending", "accepted", "revoked", "expired");
const order = orderBy(["created_at", "email_address"], "-created_at");
const ORDER = {
  created_at: (entry: LocalInvitation) => entry.createdAt,
  email_address: (entry: LocalInvitation) => entry.emailAddress,
};

export function invitationRoutes({ issuer, directory }: BackendApiParts): Route[] {
  const { invitations } = directory;
  const resource = (invitation: LocalInvitation) => invitationResource(issuer, directory, invitation);
  const placed = (invitation: LocalInvitation) => placedInvitationResource(issuer, directory, invitation);
  const inStatus = (wanted: string[], all: LocalInvitation[]) =>
    all.filter((entry) => wanted.length === 0 || wanted.includes(invitations.status(entry)));
  const invitationOf = (organizationId: string, id: string) => {
    const invitation = invitations.get(organizationOf(directory, organizationId).id, id);
    if (invitation) return invitation;
    throw notFound(`No invitation was found with id ${id}.`);
  };

  return [
    [
      "POST",
      /^\/organizations\/([^/]+)\/invitations$/,
      async (id, exchange) => {
        const organization = organizationOf(directory, id);
        const form = await formOf(creation, exchange);
        refuseUninvitable(directory, organization, [form]);
        return resource(invited(directory, organization, form));
      },
    ],
    [
      "POST",
      /^\/organizations\/([^/]+)\/invitations\/bulk$/,
      async (id, exchange) => {
        const organization = organizationOf(directory, id);
        const forms = await formOf(bulk, exchange);
        refuseUninvitable(directory, organization, forms);
        const data = forms.map((form) => resource(invited(directory, organization, form)));
        return { data, total_count: data.length };
      },
    ],
    [
      "GET",
      /^\/organizations\/([^/]+)\/invitations$/,
      (id, exchange) => {
        const query = pageQuery({ status: statuses, email_address: word, order_by: order }, exchange);
        const found = inStatus(
          query.status,
          invitations.ofOrganization(organizationOf(directory, id).id),
        ).filter(({ emailAddress }) => isSame(query.email_address ?? emailAddress, emailAddress));
        return listOf(ordered(found, query.order_by, ORDER), query, resource);
      },
    ],
    [
      "GET",
      /^\/organizations\/([^/]+)\/invitations\/pending$/,
      (id, exchange) => {
        const all = invitations.pendingIn(organizationOf(directory, id).id).reverse();
        return listOf(all, pageQuery({}, exchange), resource);
      },
    ],
    [
      "GET",
      /^\/organizations\/([^/]+)\/invitations\/([^/]+)$/,
      (id, _exchange, _caller, inner) => resource(invitationOf(id, inner)),
    ],
    [
      "POST",
      /^\/organizations\/([^/]+)\/invitations\/([^/]+)\/revoke$/,
      async (id, exchange, _caller, inner) => {
        const invitation = invitationOf(id, inner);
        const { requesting_user_id: userId } = await formOf(revocation, exchange);
        refuseUnentitled(directory, organizationOf(directory, id), userId);
        if (invitations.status(invitation) !== "pending") throw notPending();
        invitations.revoke(invitation);
        return resource(invitation);
      },
    ],
    [
      "GET",
      /^\/organization_invitations$/,
      (_id, exchange) => {
        const query = pageQuery({ status: statuses, query: word, order_by: order }, exchange);
        const part = query.query?.toLowerCase() ?? "";
        const found = inStatus(query.status, invitations.all()).filter(({ emailAddress }) =>
          emailAddress.toLowerCase().includes(part),
        );
        return listOf(ordered(found, query.order_by, ORDER), query, placed);
      },
    ],
    [
      "GET",
      /^\/users\/([^/]+)\/organization_invitations$/,
      (id, exchange) => {
        const { email, otherEmails } = directory.userById(id) ?? missing("user", id);
        const query = pageQuery({ status: statuses }, exchange);
        const found = inStatus(query.status, invitations.all()).filter(({ emailAddress }) =>
          [email, ...otherEmails].some((address) => isSame(address, emailAddress)),
        );
        return listOf(found.reverse(), query, placed);
      },
    ],
  ];
}

type Form = z.output<typeof creation>;

function invited({ invitations }: Directory, { id }: LocalOrganization, form: Form): LocalInvitation {
  return invitations.add(id, {
    emailAddress: form.email_address,
    role: form.role,
    inviterId: form.inviter_user_id ?? null,
    publicMetadata: {},
    privateMetadata: {},
    ...metadataOf(form, "publicMetadata", "privateMetadata"),
    lifetime: (form.expires_in_days ?? 30) * DAY,
  });
}

/** Checks all before the first is made. */
function refuseUninvitable(directory: Directory, organization: LocalOrganization, forms: Form[]): void {
  const pending = directory.invitations.pendingIn(organization.id).map(({ emailAddress }) => emailAddress);
  for (const form of forms) {
    metadataOf(form, "publicMetadata", "privateMetadata");
    refuseUnknownRole(directory, form.role);
    refuseUnentitled(directory, organization, form.inviter_user_id);
    const user = directory.userBy("email_address", form.email_address);
    if (user) refuseMember(directory, organization, user);
    if (pending.some((address) => isSame(address, form.email_address))) throw notUnique();
    pending.push(form.email_address);
  }
  refuseFull(directory, organization, forms.length);
}

/** @throws Refused unless the user may manage the organization's members */
function refuseUnentitled(
  directory: Directory,
  { id }: LocalOrganization,
  userId: string | null | undefined,
): void {
  if (typeof userId !== "string") return;
  if (!directory.userById(userId)) missing("user", userId);
  const membership = directory.memberships.get(id, userId);
  if (!membership) {
    throw new Refused({
      status: 403,
      code: "not_a_member_in_organization",
      message: "not a member",
      longMessage:
        "Current user is not a member of the organization. Only organization members can perform this action.",
    });
  }
  if (directory.permissions(membership.role).includes(INVITE)) return;
  throw new Refused({
    status: 403,
    code: "missing_organization_permission",
    message: "missing permission",
    longMessage: "Current user is missing an organization permission.",
    meta: { permissions: [INVITE] },
  });
}

function notUnique(): Refused {
  return new Refused({
    status: 400,
    code: "organization_invitation_not_unique",
    message: "organization invitation not unique",
    longMessage: "Organizations cannot have duplicate pending invitations for an email address.",
  });
}

function notPending(): Refused {
  return new Refused({
    status: 400,
    code: "organization_invitation_not_pending",
    message: "not pending",
    longMessage: "Only pending organization invitations can be revoked.",
  });
}

function isSame(address: string, other: string): boolean {
  return address.toLowerCase() === other.toLowerCase();
}
