/** Replaces `@xmcp-dev/clerk` in apps with another middleware: the caller of the current request. */
import { AsyncLocalStorage } from "node:async_hooks";
import { createClerkClient } from "@clerk/backend";

export interface Session {
  readonly userId: string;
  readonly sessionId?: string;
  readonly organizationId?: string;
  readonly organizationRole?: string;
  readonly scopes: readonly string[];
  readonly clientId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

export const client = createClerkClient({
  secretKey: process.env.CLERK_SECRET_KEY ?? "",
  publishableKey: process.env.CLERK_PUBLISHABLE_KEY ?? "",
  apiUrl: process.env.CLERK_API_URL ?? "",
  ...(process.env.BENCH_JWT_KEY && { jwtKey: process.env.BENCH_JWT_KEY }),
  telemetry: { disabled: true },
});

const running = new AsyncLocalStorage<Session>();

export function runAs(session: Session, next: () => void): void {
  running.run(session, next);
}

export function getSession(): Session {
  const session = running.getStore();
  if (session === undefined) throw new Error("There is no caller.");
  return session;
}

export function getClient() {
  return client;
}

export function getUser() {
  return client.users.getUser(getSession().userId);
}
