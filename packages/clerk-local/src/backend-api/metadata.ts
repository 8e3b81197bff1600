/** Metadata in the bodies of requests: its size, its replacement and its merging. */
import { z } from "zod";
import type { Metadata } from "../directory/directory.js";
import { formError } from "./refusals.js";

/** Most bytes of the metadata of one kind, as JSON. */
const MAX_BYTES = 8192;

export const metadata = z.record(z.string(), z.unknown());

type Kind = "publicMetadata" | "privateMetadata" | "unsafeMetadata";

/** Clerk's names. */
const PARAMETERS = {
  publicMetadata: "public_metadata",
  privateMetadata: "private_metadata",
  unsafeMetadata: "unsafe_metadata",
} as const satisfies Record<Kind, string>;

type Form = Partial<Record<(typeof PARAMETERS)[Kind], Metadata | null | undefined>>;
type Holder<Kinds extends Kind> = Record<Kinds, Metadata>;

/** The kinds of metadata that a form has. `null` is no metadata. @throws Refused if one is too large */
export function metadataOf<Kinds extends Kind>(form: Form, ...kinds: Kinds[]): Partial<Holder<Kinds>> {
  return collected(kinds, (kind) => {
    const value = form[PARAMETERS[kind]];
    return value === null ? {} : value;
  });
}

/** What `current` becomes: merged deeply; a member that is null is removed. @throws Refused if it is too large */
export function mergedMetadata<Kinds extends Kind>(
  current: Holder<Kinds>,
  form: Form,
  ...kinds: Kinds[]
): Partial<Holder<Kinds>> {
  return collected(kinds, (kind) => {
    const change = form[PARAMETERS[kind]];
    return change ? merged(current[kind], change) : undefined;
  });
}

function collected<Kinds extends Kind>(
  kinds: Kinds[],
  read: (kind: Kinds) => Metadata | undefined,
): Partial<Holder<Kinds>> {
  const result: Partial<Holder<Kinds>> = {};
  for (const kind of kinds) {
    const value = read(kind);
    if (value !== undefined) result[kind] = small(value, PARAMETERS[kind]);
  }
  return result;
}

function small(value: Metadata, parameter: string): Metadata {
  if (Buffer.byteLength(JSON.stringify(value)) <= MAX_BYTES) return value;
  throw formError(
    "form_param_exceeds_allowed_size",
    parameter,
    `${parameter} exceeds the maximum allowed size of ${MAX_BYTES} bytes.`,
    "exceeds allowed size",
  );
}

function merged(current: Metadata, change: Metadata): Metadata {
  const result = { ...current };
  for (const [key, value] of Object.entries(change)) {
    const before = result[key];
    if (value === null) delete result[key];
    else result[key] = isObject(value) ? merged(isObject(before) ? before : {}, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is Metadata {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
