import type { ClerkBackend } from "../clerk/backend.js";
import { type Lookups, lookups } from "../clerk/lookups.js";
import { ClerkFailure } from "../errors/clerk-failure.js";

/** A user's public metadata. */
export type Metadata = Readonly<Record<string, unknown>>;

/** A user's public metadata, looked up once per user and time; `null` if there is no such user. */
export function publicMetadata(backend: ClerkBackend): Lookups<{ readonly userId: string }, Metadata | null> {
  return lookups(
    ({ userId }) => userId,
    async ({ userId }) => {
      try {
        const user = await backend.call("metadata lookup", (client) => client.users.getUser(userId));
        return { ...user.publicMetadata };
      } catch (error) {
        if (error instanceof ClerkFailure && error.kind === "rejected") return null;
        throw error;
      }
    },
  );
}
