/** Replaces `@xmcp-dev/clerk` in the build without the plugin: the functions that tools call, with constant results. */
import type { Session } from "@xmcp-dev/clerk";

const session: Session = {
  caller: "user",
  subject: "user_constant",
  userId: "user_constant",
  clientId: "client_constant",
  scopes: ["email", "profile"],
  issuedAt: new Date(0),
  expiresAt: new Date(0),
  claims: {},
  has: () => false,
};

const user = {
  primaryEmailAddress: null as { emailAddress: string } | null,
  firstName: null,
  lastName: null,
  username: "constant",
  imageUrl: "https://example.com/constant.png",
};

const membership = {
  organization: { id: "org_constant", name: "Constant", slug: "constant" },
  role: "org:member",
  permissions: [],
};

export function getSession(): Session {
  return session;
}

export async function getUser() {
  return user;
}

export function getClient() {
  const getOrganizationMembershipList = async (_page: object) => ({ data: [membership], totalCount: 1 });
  return { users: { getOrganizationMembershipList } };
}
