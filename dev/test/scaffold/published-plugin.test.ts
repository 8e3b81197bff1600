import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { server, standIn } from "../support/protected-template.js";
import { signedInClient } from "../support/signed-in-client.js";
import { edit, ROOT } from "../support/template.js";
import { expectOk, freshApp, tarballs, WORKER } from "./fresh-app.js";

const TIMEOUT_MS = 5 * 60_000;

/** The plugin with the names and options of xmcp's documentation. */
const DOCUMENTED = {
  "src/middleware.ts": `import { clerkProvider } from "@xmcp-dev/clerk";

export default clerkProvider({
  secretKey: process.env.CLERK_SECRET_KEY!,
  clerkDomain: process.env.CLERK_DOMAIN!,
  baseURL: process.env.BASE_URL!,
  scopes: ["profile", "email"],
  docsURL: "https://docs.example.com",
});
`,
  "src/tools/account.ts": `import { getClient, getSession, getUser } from "@xmcp-dev/clerk";
import type { ToolMetadata } from "xmcp";

export const metadata: ToolMetadata = { name: "account", description: "Who is calling" };

export default async function account(): Promise<string> {
  const session = getSession();
  const user = await getUser();
  const client = getClient();
  const memberships = await client.users.getOrganizationMembershipList({ userId: session.userId });
  return JSON.stringify({
    userId: session.userId,
    sessionId: session.sessionId || "none",
    organizationId: session.organizationId || "none",
    organizationRole: session.organizationRole || "none",
    organizationPermissions: session.organizationPermissions || [],
    issuedAt: session.issuedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    id: user.id,
    email: user.emailAddresses[0]?.emailAddress,
    firstName: user.firstName,
    lastName: user.lastName,
    imageUrl: user.imageUrl,
    organizations: memberships.data.map((membership) => membership.organization.name),
  });
}
`,
};

describe("a fresh app of create-xmcp-app, with the packed plugin and the code of xmcp's documentation", () => {
  let app: string;
  beforeAll(async () => {
    const { plugin } = await tarballs();
    app = await freshApp(plugin);
    for (const [file, code] of Object.entries(DOCUMENTED)) await writeFile(join(app, file), code);
  }, TIMEOUT_MS);

  it.each([
    ["of the app", []],
    ["of a bundler", ["--module", "ESNext", "--moduleResolution", "Bundler"]],
    ["of Node", ["--module", "NodeNext", "--moduleResolution", "NodeNext"]],
  ])("is type-checked strictly with the module resolution %s", async (_, how) => {
    await expectOk(app, "tsc", "-p", ".", "--noEmit", "--strict", "--target", "ES2022", ...how);
  });

  it("builds, a client signs in, and the tool gets its user", { timeout: TIMEOUT_MS }, async () => {
    const config = join(app, "xmcp.config.ts");
    await edit(config, "http: true", "bundler: serveOnNode,\n  http: true");
    await edit(config, "import", 'import { serveOnNode } from "@xmcp-dev/clerk/bundler";\nimport');
    await expectOk(app, "npm", "run", "build");
    const clerk = await standIn({ autoApprove: { user: "ada" } });
    const { url } = await server(clerk.env, { cwd: app });
    const ada = clerk.users.get("ada");
    expect(await account(url)).toMatchObject({
      userId: ada.id,
      id: ada.id,
      email: "ada@example.com",
      firstName: "Ada",
      organizationId: "none",
      organizations: ["Globex", "Acme"],
    });
  });
});

describe("a fresh app of create-xmcp-app, after `npm run add-to`", () => {
  let app: string;
  const addTo = (...options: string[]) => expectOk(ROOT, "npm", "run", "add-to", "--", app, ...options);
  beforeAll(async () => {
    app = await freshApp();
  }, TIMEOUT_MS);

  it("lets a client sign in, and a tool gets its user", { timeout: TIMEOUT_MS }, async () => {
    const said = await addTo("--install");
    expect(said).toContain("npm run dev:local");
    await writeFile(join(app, "src/tools/account.ts"), DOCUMENTED["src/tools/account.ts"]);
    await expectOk(app, "npm", "run", "build");
    const clerk = await standIn({ autoApprove: { user: "ada" } });
    const { url } = await server(clerk.env, { cwd: app });
    expect(await account(url)).toMatchObject({ userId: clerk.users.get("ada").id, firstName: "Ada" });
  });

  it("is type-checked, and its Worker challenges", { timeout: TIMEOUT_MS }, async () => {
    await expectOk(app, "tsc", "-p", ".", "--noEmit", "--strict");
    await expectOk(app, "npm", "run", "build", "--", "--cf");
    const clerk = await standIn();
    const { url } = await server(clerk.env, { cwd: app, entry: WORKER });
    expect((await fetch(url)).status).toBe(401);
  });

  it("is unchanged after a second run", async () => {
    const files = ["package.json", "xmcp.config.ts", "src/middleware.ts", ".env.example", ".gitignore"];
    const contents = () => Promise.all(files.map((file) => readFile(join(app, file), "utf8")));
    const before = await contents();
    expect(await addTo()).toContain("The project already has everything.");
    expect(await contents()).toEqual(before);
  });
});

/** Signs a client in and calls the tool. @returns its answer */
async function account(url: string): Promise<unknown> {
  const client = await signedInClient(url);
  const { content } = await client.callTool({ name: "account" });
  const [first] = content;
  return first?.type === "text" ? JSON.parse(first.text) : first;
}
