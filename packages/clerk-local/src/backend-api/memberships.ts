/** The members of organizations. */
import { z } from "zod";
import type { Directory, LocalMembership, LocalOrganization, LocalUser } from "../directory/directory.js";
import { Refused } from "../http/clerk-error.js";
import { text } from "./fields.js";
import { mergedMetadata, metadata, metadataOf } from "./metadata.js";
import { orderBy, ordered } from "./order.js";
import { membershipResource } from "./organization-resources.js";
import { organizationOf } from "./organizations.js";
import { formOf } from "./parameters.js";
import type { BackendApiParts } from "./parts.js";
import { listOf, pageQuery, words } from "./query.js";
import { missing, notFound } from "./refusals.js";
import type { Route } from "./route.js";
import { included, memberFilters, userTest } from "./user-filters.js";
import { usernameOf } from "./user-resource.js";

const KINDS = ["publicMetadata", "privateMetadata"] as const;

const metadataMembers = {
  public_metadata: metadata.nullable().optional(),
  private_metadata: metadata.nullable().optional(),
};
const creation = z.strictObject({ user_id: text, role: text, ...metadataMembers });
const change = z.strictObject({ role: text });

const ORDER_KEYS = [
  "phone_number",
  "email_address",
  "created_at",
  "first_name",
  "last_name",
  "username",
] as const;

export function membershipRoutes(parts: BackendApiParts): Route[] {
  const { issuer, directory } = parts;
  const userOf = (id: string) => directory.userById(id) ?? missing("user", id);
  const memberOf = ({ userId }: LocalMembership) => directory.user(userId);
  const ORDER = {
    phone_number: (entry: LocalMembership) => memberOf(entry).phoneNumbers[0] ?? null,
    email_address: (entry: LocalMembership) => memberOf(entry).email,
    created_at: (entry: LocalMembership) => entry.createdAt,
    first_name: (entry: LocalMembership) => memberOf(entry).firstName,
    last_name: (entry: LocalMembership) => memberOf(entry).lastName,
    username: (entry: LocalMembership) => usernameOf(memberOf(entry)),
  };
  const resource = (membership: LocalMembership) => membershipResource(issuer, directory, membership);
  const at = (organizationId: string, userId: string) => {
    const organization = organizationOf(directory, organizationId);
    return { organization, membership: membershipOf(directory, organization, userId) };
  };

  return [
    [
      "GET",
      /^\/users\/([^/]+)\/organization_memberships$/,
      (id, exchange) => listOf(directory.membershipsOf(userOf(id)), pageQuery({}, exchange), resource),
    ],
    [
      "GET",
      /^\/organization_memberships$/,
      (_id, exchange) => {
        const query = pageQuery({ order_by: orderBy(ORDER_KEYS, "-created_at") }, exchange);
        return listOf(ordered(directory.memberships.all(), query.order_by, ORDER), query, resource);
      },
    ],
    [
      "GET",
      /^\/organizations\/([^/]+)\/memberships$/,
      (id, exchange) => {
        const query = pageQuery(
          { ...memberFilters, role: words, order_by: orderBy(ORDER_KEYS, "-created_at") },
          exchange,
        );
        const isMeant = userTest(parts, query);
        const found = membersIn(directory, organizationOf(directory, id), included(query.user_id))
          .filter(({ role }) => query.role.length === 0 || query.role.includes(role))
          .filter((entry) => isMeant(memberOf(entry)));
        return listOf(ordered(found, query.order_by, ORDER), query, resource);
      },
    ],
    [
      "POST",
      /^\/organizations\/([^/]+)\/memberships$/,
      async (id, exchange) => {
        const organization = organizationOf(directory, id);
        const form = await formOf(creation, exchange);
        const user = userOf(form.user_id);
        refuseUnknownRole(directory, form.role);
        refuseMember(directory, organization, user);
        refuseFull(directory, organization);
        const metadata = metadataOf(form, ...KINDS);
        return resource(
          directory.updateMembership(directory.addMember(organization, user, form.role), metadata),
        );
      },
    ],
    [
      "PATCH",
      /^\/organizations\/([^/]+)\/memberships\/([^/]+)$/,
      async (id, exchange, _caller, userId) => {
        const { organization, membership } = at(id, userId);
        const { role } = await formOf(change, exchange);
        refuseUnknownRole(directory, role);
        if (!directory.roles.isElevated(role)) refuseLastElevated(directory, organization, membership);
        return resource(directory.updateMembership(membership, { role }));
      },
    ],
    [
      "DELETE",
      /^\/organizations\/([^/]+)\/memberships\/([^/]+)$/,
      (id, _exchange, _caller, userId) => {
        const { organization, membership } = at(id, userId);
        refuseLastElevated(directory, organization, membership);
        const answer = resource(membership);
        directory.memberships.remove(membership);
        return answer;
      },
    ],
    [
      "PATCH",
      /^\/organizations\/([^/]+)\/memberships\/([^/]+)\/metadata$/,
      async (id, exchange, _caller, userId) => {
        const { membership } = at(id, userId);
        const form = await formOf(z.strictObject(metadataMembers), exchange);
        return resource(directory.updateMembership(membership, mergedMetadata(membership, form, ...KINDS)));
      },
    ],
  ];
}

/** Oldest first: all members, or those that are named. */
function membersIn(
  directory: Directory,
  organization: LocalOrganization,
  userIds: string[],
): LocalMembership[] {
  if (userIds.length === 0) return directory.membersOf(organization).reverse();
  return [...new Set(userIds)].flatMap((id) => directory.memberships.get(organization.id, id) ?? []);
}

/** @throws Refused if a role does not exist */
export function refuseUnknownRole({ roles }: Directory, role: string): void {
  if (!roles.has(role)) throw notFound("Organization role not found");
}

/** @throws Refused if the user is a member already */
export function refuseMember(directory: Directory, organization: LocalOrganization, user: LocalUser): void {
  if (!directory.membership(organization, user)) return;
  throw new Refused({
    status: 400,
    code: "already_a_member_in_organization",
    message: "already a member",
    longMessage: `${user.id} is already a member of the organization.`,
  });
}

/** @throws Refused if the organization has a limit, and `more` members and invitations would exceed it */
export function refuseFull(
  { memberships, invitations }: Directory,
  organization: LocalOrganization,
  more = 1,
): void {
  const { id, maxAllowedMemberships: limit } = organization;
  if (!limit || memberships.countOf(id) + invitations.pendingIn(id).length + more <= limit) return;
  throw new Refused({
    status: 403,
    code: "organization_membership_quota_exceeded",
    message: "organization membership quota exceeded",
    longMessage: `You have reached your limit of ${limit} organization memberships, including outstanding invitations.`,
  });
}

function membershipOf(
  directory: Directory,
  organization: LocalOrganization,
  userId: string,
): LocalMembership {
  const membership = directory.memberships.get(organization.id, userId);
  if (membership) return membership;
  throw notFound("Given organization membership not found.");
}

/** An organization must keep a member who can manage the others. */
function refuseLastElevated(
  directory: Directory,
  organization: LocalOrganization,
  membership: LocalMembership,
): void {
  const { roles } = directory;
  if (!roles.isElevated(membership.role)) return;
  const others = directory.membersOf(organization).filter((entry) => entry !== membership);
  if (others.some(({ role }) => roles.isElevated(role))) return;
  throw new Refused({
    status: 400,
    code: "organization_minimum_permissions_needed",
    message: "minimum organization permissions needed",
    longMessage: "There has to be at least one organization member with the minimum required permissions",
  });
}
