import { describe, expect, it } from "vitest";
import { vercel } from "./platforms/platform.js";
import { clerkOutage } from "./promises/clerk-outage.js";
import { conformance } from "./promises/conformance.js";
import { denyByDefault } from "./promises/deny-by-default.js";
import { isolation } from "./promises/isolation.js";
import { misconfiguration } from "./promises/misconfiguration.js";
import { signingIn } from "./promises/signing-in.js";
import { tools } from "./promises/tools.js";
import { whatRuns } from "./promises/what-runs.js";
import { standIn } from "./support/protected-template.js";
import { callTool, post, toolCall } from "./support/tool-call.js";

const platform = await vercel();

describe("signing in", () => signingIn(platform));
describe("deny by default", () => denyByDefault(platform));
describe("tools", () => tools(platform));
describe("what runs", () => whatRuns(platform));
describe("Clerk's outages", () => clerkOutage(platform));
describe("isolation", () => isolation(platform, { users: 50, calls: 200, atOnce: 40 }));
describe("conformance", () => conformance(platform, ["routing.absolute-form", "metadata.absolute-form"]));
describe("a missing environment", () => misconfiguration(platform));

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
    const clerk = await standIn();
    const mcp = await platform.start({ ...clerk.env, ...variables, BASE_URL: "" });
    const refused = await post(mcp.url, toolCall("whoami"));
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toContain(`resource_metadata="${base}/.well-known/`);
    const metadata = await fetch(`${mcp.origin}/.well-known/oauth-protected-resource/mcp`);
    expect(await metadata.json()).toMatchObject({ resource: `${base}/mcp` });

    const right = await clerk.mint({ user: "ada", resource: `${base}/mcp` });
    expect(await callTool(mcp.url, right.access_token, "whoami")).toHaveProperty("structuredContent.userId");
    const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url });
    const elsewhere = await post(mcp.url, toolCall("whoami"), { authorization: `Bearer ${access_token}` });
    expect(elsewhere.status).toBe(401);
  });
});
