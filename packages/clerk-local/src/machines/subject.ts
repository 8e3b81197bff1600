/** Whom an API key acts for. */
import type { Directory } from "../directory/directory.js";

/** The id of a user, named by id, username or email, or of an organization, named by id or slug. Throws without. */
export function subjectOf(directory: Directory, reference: string): string {
  const subject = directory.findUser(reference) ?? directory.findOrganization(reference);
  if (subject) return subject.id;
  throw new Error(`There is no user or organization "${reference}".`);
}

/** Whether there is a user or an organization of this id. */
export function isSubject(directory: Directory, id: string): boolean {
  const subject = directory.findUser(id) ?? directory.findOrganization(id);
  return subject?.id === id;
}
