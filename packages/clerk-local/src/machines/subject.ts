/** The subject of an API key: the user or organization that it acts for. */
import type { Directory } from "../directory/directory.js";

/** The id of a user (by id, username or email) or of an organization (by id or slug). Throws if neither exists. */
export function subjectOf(directory: Directory, reference: string): string {
  const subject = directory.findUser(reference) ?? directory.findOrganization(reference);
  if (subject) return subject.id;
  throw new Error(`There is no user or organization "${reference}".`);
}

/** Whether `id` is the id of a user or an organization. */
export function isSubject(directory: Directory, id: string): boolean {
  const subject = directory.findUser(id) ?? directory.findOrganization(id);
  return subject?.id === id;
}
