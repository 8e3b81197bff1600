import type { ClerkBackend } from "../clerk/backend.js";
import { lookups } from "../clerk/lookups.js";
import { ClerkFailure, isNotFound, unavailableIfRejected } from "../errors/clerk-failure.js";
import { type Session, userIdOf } from "./session.js";

/** A user's public metadata. */
export type Metadata = Readonly<Record<string, unknown>>;

/** The public metadata of a session's user, cached per user; `null` if the caller is not a user, or is banned. */
export function publicMetadata(
  backend: ClerkBackend,
): (session: Session) => Promise<Metadata | null | ClerkFailure> {
  const metadataOf = lookups(
    ({ userId }: { readonly userId: string }) => userId,
    async ({ userId }): Promise<Metadata | null> => {
      try {
        const user = await backend.call("metadata lookup", (client) => client.users.getUser(userId));
        if (typeof user?.banned !== "boolean")
          throw new ClerkFailure("unavailable", new Error("the answer is not a user"));
        return user.banned ? null : { ...user.publicMetadata };
      } catch (error) {
        if (isNotFound(error)) return null;
        throw unavailableIfRejected(error);
      }
    },
  );
  return async (session) => {
    const userId = userIdOf(session);
    return userId === undefined ? null : metadataOf({ userId });
  };
}
