/** The default seed. Its ids are visibly invented and never change, so that tests can use them. */
import type { SeedInput } from "./seed.js";

export const defaultSeed: SeedInput = {
  users: [
    {
      id: "user_local0000000000000000000ada",
      username: "ada",
      email: "ada@example.com",
      firstName: "Ada",
      lastName: "Lovelace",
      publicMetadata: { plan: "pro" },
    },
    {
      id: "user_local0000000000000000000bob",
      username: "bob",
      email: "bob@example.com",
      firstName: "Bob",
      lastName: "Babbage",
    },
    {
      id: "user_local00000000000000000grace",
      username: "grace",
      email: "grace@example.com",
      firstName: "Grace",
      lastName: "Hopper",
    },
    {
      id: "user_local0000000000000000000eve",
      username: "eve",
      email: "eve@example.com",
      firstName: "Eve",
      lastName: "Moore",
      banned: true,
    },
  ],
  organizations: [
    { id: "org_local000000000000000000acme", name: "Acme", slug: "acme" },
    { id: "org_local0000000000000000globex", name: "Globex", slug: "globex" },
  ],
  roles: {
    "org:admin": [
      "org:documents:read",
      "org:documents:write",
      "org:documents:delete",
      "org:sys_memberships:read",
      "org:sys_memberships:manage",
    ],
    "org:member": ["org:documents:read", "org:sys_memberships:read"],
  },
  memberships: [
    { user: "ada", organization: "acme", role: "org:admin" },
    { user: "bob", organization: "acme", role: "org:member" },
    { user: "ada", organization: "globex", role: "org:member" },
  ],
  scopes: {
    "documents:read": { description: "Read your documents" },
    "documents:write": { description: "Create, change and delete your documents" },
  },
  oauthApplications: [
    {
      clientId: "client_local000000000000000000static",
      name: "Static local app",
      redirectUris: ["http://127.0.0.1/callback", "http://localhost/callback"],
      scopes: [
        "profile",
        "email",
        "offline_access",
        "openid",
        "user:org:read",
        "documents:read",
        "documents:write",
      ],
    },
  ],
};
