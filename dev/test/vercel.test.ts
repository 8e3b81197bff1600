import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { vercel, withServer } from "./platforms/platform.js";
import { clerkOutage } from "./promises/clerk-outage.js";
import { ADAPTED, conformance } from "./promises/conformance.js";
import { denyByDefault } from "./promises/deny-by-default.js";
import { isolation } from "./promises/isolation.js";
import { misconfiguration } from "./promises/misconfiguration.js";
import { signingIn } from "./promises/signing-in.js";
import { tools } from "./promises/tools.js";
import { whatRuns } from "./promises/what-runs.js";
import { callTool, post, toolCall } from "./support/tool-call.js";

const platform = await withServer(await vercel());

describe("signing in", () => signingIn(platform));
describe("deny by default", () => denyByDefault(platform));
describe("tools", () => tools(platform));
describe("what runs", () => whatRuns(platform));
describe("Clerk's outages", () => clerkOutage(platform));
describe("isolation", () => isolation(platform, { users: 50, calls: 200, atOnce: 40 }));
describe("conformance", () =>
  conformance(
    platform,
    ["transport.keep-alive", "routing.absolute-form", "metadata.absolute-form"],
    ADAPTED,
  ));
describe("a missing environment", () => misconfiguration(platform));

/** A local Clerk would be on loopback, and a server with a public address does not start with one. */
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const CLERK = {
  CLERK_SECRET_KEY: "sk_test_1",
  CLERK_DOMAIN: "verb-noun-00.clerk.accounts.dev",
  CLERK_JWT_KEY: String(publicKey.export({ format: "pem", type: "spki" })),
};

function tokenOf(audience: string): Promise<string> {
  return new SignJWT({ client_id: "client_1", scope: "profile email" })
    .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: "ins_1" })
    .setIssuer(`https://${CLERK.CLERK_DOMAIN}`)
    .setSubject("user_1")
    .setAudience(audience)
    .setIssuedAt()
    .setNotBefore("0s")
    .setExpirationTime("1h")
    .setJti("1")
    .sign(privateKey);
}

describe("without BASE_URL the server takes its address from Vercel's variables:", () => {
  const PRODUCTION = {
    VERCEL_ENV: "production",
    VERCEL_PROJECT_PRODUCTION_URL: "mcp.example.com",
    VERCEL_BRANCH_URL: "mcp-git-main.vercel.app",
    VERCEL_URL: "mcp-1.vercel.app",
  };

  it.each([
    ["in production, the domain", PRODUCTION, "https://mcp.example.com"],
    [
      "in a preview, the branch's address",
      { ...PRODUCTION, VERCEL_ENV: "preview" },
      "https://mcp-git-main.vercel.app",
    ],
    [
      "in a preview without a branch, the deployment's address",
      { VERCEL_ENV: "preview", VERCEL_URL: "mcp-1.vercel.app" },
      "https://mcp-1.vercel.app",
    ],
  ])("%s", async (_where, variables, base) => {
    const mcp = await platform.start({ ...CLERK, ...variables, BASE_URL: "" });
    const refused = await post(mcp.url, toolCall("whoami"));
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toContain(`resource_metadata="${base}/.well-known/`);
    const metadata = await fetch(`${mcp.origin}/.well-known/oauth-protected-resource/mcp`);
    expect(await metadata.json()).toMatchObject({ resource: `${base}/mcp` });

    const right = await callTool(mcp.url, await tokenOf(`${base}/mcp`), "whoami");
    expect(right).toHaveProperty("structuredContent.userId", "user_1");
    const authorization = `Bearer ${await tokenOf(mcp.url)}`;
    const elsewhere = await post(mcp.url, toolCall("whoami"), { authorization });
    expect(elsewhere.status).toBe(401);
  });
});
