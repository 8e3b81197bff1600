/** Parses the bodies of requests that create or change a user. */
import { z } from "zod";
import type { Directory, Metadata, NewUser, UserChanges } from "../directory/directory.js";
import { Refused } from "../http/clerk-error.js";
import { checked } from "./parameters.js";

const metadata = z.record(z.string(), z.unknown()).optional();
const name = z.string().nullable().optional();

const userPatch = z.object({
  first_name: name,
  last_name: name,
  username: z.string().optional(),
  external_id: name,
  public_metadata: metadata,
  private_metadata: metadata,
  unsafe_metadata: metadata,
});

const metadataPatch = userPatch.pick({
  public_metadata: true,
  private_metadata: true,
  unsafe_metadata: true,
});

const creation = userPatch.extend({ email_address: z.array(z.email()).max(1).default([]) });

/** The body of `POST /users`. Other members are ignored. */
export function newUser(directory: Directory, body: unknown): NewUser {
  const {
    email_address: [email],
  } = checked(creation, body);
  const input: NewUser = { ...userChanges(body), ...(email !== undefined && { email }) };
  if ([input.email, input.username].some((name) => name !== undefined && directory.findUser(name))) {
    throw new Refused({
      status: 422,
      code: "form_identifier_exists",
      message: "is taken",
      longMessage: "That identifier is taken. Please try another.",
    });
  }
  return input;
}

/** The body of `PATCH /users/{id}`. Other members are ignored. */
export function userChanges(body: unknown): UserChanges {
  const patch = checked(userPatch, body);
  const changes = {
    firstName: patch.first_name,
    lastName: patch.last_name,
    username: patch.username,
    externalId: patch.external_id,
    publicMetadata: patch.public_metadata,
    privateMetadata: patch.private_metadata,
    unsafeMetadata: patch.unsafe_metadata,
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

type UserMetadata = Record<"publicMetadata" | "privateMetadata" | "unsafeMetadata", Metadata>;

/** The body of `PATCH /users/{id}/metadata`: merged deeply; a member that is null is removed. */
export function metadataChanges(current: UserMetadata, body: unknown): UserMetadata {
  const patch = checked(metadataPatch, body);
  return {
    publicMetadata: merged(current.publicMetadata, patch.public_metadata),
    privateMetadata: merged(current.privateMetadata, patch.private_metadata),
    unsafeMetadata: merged(current.unsafeMetadata, patch.unsafe_metadata),
  };
}

function merged(current: Metadata, change: Metadata | undefined): Metadata {
  const result = { ...current };
  for (const [key, value] of Object.entries(change ?? {})) {
    const before = result[key];
    if (value === null) delete result[key];
    else result[key] = isObject(value) && isObject(before) ? merged(before, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is Metadata {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
