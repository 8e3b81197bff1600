/** Replaces `@xmcp-dev/clerk` in xmcp as it comes: every request has the same fixed caller. */
const userId = process.env.BENCH_USER_ID ?? "";

export function getSession() {
  return {
    userId,
    sessionId: undefined,
    organizationId: undefined,
    organizationRole: undefined,
    scopes: ["profile", "email"],
    clientId: "client_bench",
    issuedAt: new Date(0),
    expiresAt: new Date(0),
  };
}

export async function getUser() {
  const nobody = { firstName: null, lastName: null, username: null, imageUrl: "" };
  return { ...nobody, primaryEmailAddress: { emailAddress: "nobody@example.com" } };
}

export function getClient() {
  const getOrganizationMembershipList = async (_page: object) => ({ data: [], totalCount: 0 });
  return { users: { getOrganizationMembershipList } };
}
