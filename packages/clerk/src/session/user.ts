import type { User } from "@clerk/backend";
import type { ClerkBackend } from "../clerk/backend.js";
import { ClerkFailure } from "../errors/clerk-failure.js";
import type { Session } from "./session.js";

/** Fetches the session's user on the first call, once per request. */
export function userOnce(backend: ClerkBackend, session: Session): () => Promise<User> {
  let user: Promise<User> | undefined;
  return () => {
    user ??= userOf(session, backend);
    return user;
  };
}

async function userOf({ userId }: Session, backend: ClerkBackend): Promise<User> {
  return backend.call("tool", (client) => client.users.getUser(userId)).catch(explain);
}

function explain(failure: unknown): never {
  if (failure instanceof ClerkFailure && failure.status === 404) {
    throw new ClerkFailure("rejected", failure.cause, {
      status: failure.status,
      message: "[Clerk] Your user no longer exists. Sign in again.",
    });
  }
  throw failure;
}
