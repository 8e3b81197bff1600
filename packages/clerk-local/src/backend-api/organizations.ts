/** `/organizations` */
import { z } from "zod";
import type { Directory, LocalOrganization, LocalUser, NewOrganization } from "../directory/directory.js";
import { Refused } from "../http/clerk-error.js";
import { randomText } from "../ids.js";
import { dateTime, optionalFlag, optionalText, text } from "./fields.js";
import { mergedMetadata, metadata, metadataOf } from "./metadata.js";
import { orderBy, ordered } from "./order.js";
import { organizationResource } from "./organization-resources.js";
import { formOf } from "./parameters.js";
import type { BackendApiParts } from "./parts.js";
import { listOf, pageQuery, queryOf, word, words, yesOrNo } from "./query.js";
import { identifierExists, notFound } from "./refusals.js";
import type { Route } from "./route.js";
import { metadataDeprecated } from "./user-changes.js";
import { excluded, included } from "./user-filters.js";

const KINDS = ["publicMetadata", "privateMetadata"] as const;

const name = text
  .max(256)
  .refine(
    (value) => value.trim() !== "" && !/https?:\/\/|<[^>]*>/i.test(value),
    "The organization name is invalid.",
  );
const slug = text.regex(
  /^[a-z0-9-]+$/,
  'can contain only lowercase alphanumeric characters and the dash "-".',
);
const limit = z.int().min(0).nullable().optional();

const metadataMembers = {
  public_metadata: metadata.nullable().optional(),
  private_metadata: metadata.nullable().optional(),
};
const creation = z.strictObject({
  name,
  slug: slug.nullable().optional(),
  created_by: optionalText,
  max_allowed_memberships: limit,
  created_at: dateTime,
  ...metadataMembers,
});
const patch = z.strictObject({
  name: name.nullable().optional(),
  slug: slug.nullable().optional(),
  max_allowed_memberships: limit,
  admin_delete_enabled: optionalFlag,
  created_at: dateTime,
  ...metadataMembers,
});

const extras = {
  include_members_count: yesOrNo,
  include_missing_member_with_elevated_permissions: yesOrNo,
};

export function organizationRoutes({ issuer, directory }: BackendApiParts): Route[] {
  const { memberships } = directory;
  const ORDER = {
    name: (organization: LocalOrganization) => organization.name,
    created_at: (organization: LocalOrganization) => organization.createdAt,
    members_count: (organization: LocalOrganization) => memberships.countOf(organization.id),
  };
  const resource = (organization: LocalOrganization) => organizationResource(issuer, directory, organization);

  return [
    [
      "GET",
      /^\/organizations$/,
      (_id, exchange) => {
        const query = pageQuery(
          {
            ...extras,
            query: word,
            user_id: words,
            organization_id: words,
            order_by: orderBy(["name", "created_at", "members_count"], "-created_at"),
          },
          exchange,
        );
        const found = ordered(matchingOrganizations(directory, query), query.order_by, ORDER);
        return listOf(found, query, (entry) => organizationResource(issuer, directory, entry, query));
      },
    ],
    [
      "GET",
      /^\/organizations\/([^/]+)$/,
      (id, exchange) => {
        const organization = directory.findOrganization(id) ?? organizationOf(directory, id);
        return organizationResource(issuer, directory, organization, queryOf(extras, exchange));
      },
    ],
    [
      "POST",
      /^\/organizations$/,
      async (_id, exchange) => {
        const form = await formOf(creation, exchange);
        const creator = creatorOf(directory, form.created_by);
        const organization = directory.createOrganization({
          name: form.name,
          slug: form.slug ? free(directory, form.slug) : slugOf(directory, form.name),
          createdBy: creator?.id ?? null,
          maxAllowedMemberships: form.max_allowed_memberships ?? null,
          ...(typeof form.created_at === "number" && { createdAt: form.created_at }),
          ...metadataOf(form, ...KINDS),
        });
        if (creator) directory.addMember(organization, creator, creatorRole(directory));
        return resource(organization);
      },
    ],
    [
      "PATCH",
      /^\/organizations\/([^/]+)$/,
      async (id, exchange) => {
        const organization = organizationOf(directory, id);
        const form = await formOf(patch, exchange);
        const deprecated = Object.keys(metadataMembers).find((member) => Object.hasOwn(form, member));
        const version = exchange.req.headers["clerk-api-version"];
        if (deprecated !== undefined && typeof version === "string" && version >= "2026-05-12") {
          throw metadataDeprecated(deprecated, "organizations");
        }
        const changes: NewOrganization = {
          ...(form.name && { name: form.name }),
          ...(form.slug && { slug: free(directory, form.slug, organization) }),
          ...(form.max_allowed_memberships !== undefined && {
            maxAllowedMemberships: form.max_allowed_memberships,
          }),
          ...(typeof form.admin_delete_enabled === "boolean" && {
            adminDeleteEnabled: form.admin_delete_enabled,
          }),
          ...(typeof form.created_at === "number" && { createdAt: form.created_at }),
          ...metadataOf(form, ...KINDS),
        };
        directory.updateOrganization(organization, changes);
        return resource(organization);
      },
    ],
    [
      "DELETE",
      /^\/organizations\/([^/]+)$/,
      (id) => {
        const organization = organizationOf(directory, id);
        directory.deleteOrganization(organization);
        return { object: "organization", id, slug: organization.slug, deleted: true };
      },
    ],
    [
      "PATCH",
      /^\/organizations\/([^/]+)\/metadata$/,
      async (id, exchange) => {
        const organization = organizationOf(directory, id);
        const form = await formOf(z.strictObject(metadataMembers), exchange);
        directory.updateOrganization(organization, mergedMetadata(organization, form, ...KINDS));
        return resource(organization);
      },
    ],
    [
      "PUT",
      /^\/organizations\/([^/]+)\/metadata$/,
      async (id, exchange) => {
        const organization = organizationOf(directory, id);
        const form = await formOf(z.strictObject(metadataMembers), exchange);
        directory.updateOrganization(organization, metadataOf(form, ...KINDS));
        return resource(organization);
      },
    ],
  ];
}

/** By id only: a slug finds an organization where it is read, and nowhere else. */
export function organizationOf(directory: Directory, id: string): LocalOrganization {
  const organization = directory.organizationById(id);
  if (organization) return organization;
  throw notFound("Given organization not found.");
}

/** Oldest first. */
function matchingOrganizations(
  directory: Directory,
  filters: { query?: string | undefined; user_id: string[]; organization_id: string[] },
): LocalOrganization[] {
  const ids = new Set(included(filters.organization_id));
  const unwantedIds = new Set(excluded(filters.organization_id));
  const members = included(filters.user_id);
  const unwantedMembers = excluded(filters.user_id);
  const part = filters.query?.toLowerCase();
  const has = (organization: LocalOrganization, userId: string) =>
    directory.memberships.get(organization.id, userId) !== undefined;
  return directory
    .organizations()
    .filter(({ id }) => (ids.size === 0 || ids.has(id)) && !unwantedIds.has(id))
    .filter((entry) => members.length === 0 || members.some((userId) => has(entry, userId)))
    .filter((entry) => !unwantedMembers.some((userId) => has(entry, userId)))
    .filter(
      ({ id, name, slug }) =>
        part === undefined ||
        id === filters.query ||
        [name, slug].some((value) => value.toLowerCase().includes(part)),
    );
}

function creatorOf(directory: Directory, id: string | null | undefined): LocalUser | undefined {
  if (typeof id !== "string") return undefined;
  const creator = directory.userById(id);
  if (creator) return creator;
  throw new Refused({
    status: 400,
    code: "organization_creator_not_found",
    message: "creator not found",
    longMessage: `No users found with id ${id}.`,
  });
}

/** `org:admin`, or what stands in its place. */
function creatorRole({ roles }: Directory): string {
  const all = roles.list().map(({ key }) => key);
  return (
    all.find((key) => key === "org:admin") ??
    all.find((key) => roles.isElevated(key)) ??
    all[0] ??
    "org:admin"
  );
}

function free(directory: Directory, wanted: string, self?: LocalOrganization): string {
  const owner = directory.findOrganization(wanted);
  if (owner && owner !== self) throw identifierExists("slug");
  return wanted;
}

/** A free slug for an organization with this name. */
function slugOf(directory: Directory, organizationName: string): string {
  const plain = organizationName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return plain === "" || directory.findOrganization(plain)
    ? `${plain || "organization"}-${randomText(10).toLowerCase()}`
    : plain;
}
