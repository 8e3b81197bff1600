/** Who is signed in in a browser. It is the session of the OAuth server, so that a user signs in once. */
import type { Clock } from "../clock.js";
import type { Directory, LocalUser } from "../directory/directory.js";
import type { Exchange } from "../http/exchange.js";
import type { OAuthServer } from "../oauth/oauth-server.js";

export interface SessionParts {
  directory: Directory;
  clock: Clock;
  oauth: OAuthServer;
}

const LIFETIME_SECONDS = 7 * 86_400;

/** The signed-in user, unless they have been banned or deleted since. */
export async function signedInUser(parts: SessionParts, exchange: Exchange): Promise<LocalUser | undefined> {
  const { accountId } = await sessionOf(parts, exchange);
  const user = accountId === undefined ? undefined : parts.directory.userById(accountId);
  return user && canSignIn(parts, user) ? user : undefined;
}

/** @returns whether the user may sign in */
export async function signIn(parts: SessionParts, exchange: Exchange, id: string): Promise<boolean> {
  const user = parts.directory.userById(id);
  if (!user || !canSignIn(parts, user)) return false;
  await signOut(parts, exchange);
  const { provider } = parts.oauth;
  const session = new provider.Session();
  session.loginAccount({ accountId: user.id });
  await session.save(LIFETIME_SECONDS);
  const expires = new Date(Date.now() + LIFETIME_SECONDS * 1000);
  const { cookies } = provider.createContext(exchange.req, exchange.res);
  cookies.set(provider.cookieName("session"), session.jti, { httpOnly: true, sameSite: "lax", expires });
  user.lastSignInAt = parts.clock.now();
  return true;
}

export async function signOut(parts: SessionParts, exchange: Exchange): Promise<void> {
  const session = await sessionOf(parts, exchange);
  if (session.accountId !== undefined) await session.destroy();
}

function sessionOf({ oauth: { provider } }: SessionParts, { req, res }: Exchange) {
  return provider.Session.get(provider.createContext(req, res));
}

function canSignIn({ directory }: SessionParts, user: LocalUser): boolean {
  return !user.banned && !directory.isLocked(user);
}
