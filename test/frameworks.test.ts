import { describe, expect, it } from "vitest";
import { framework } from "./platforms/platform.js";
import { clerkOutage } from "./promises/clerk-outage.js";
import { conformance } from "./promises/conformance.js";
import { denyByDefault } from "./promises/deny-by-default.js";
import { isolation } from "./promises/isolation.js";
import { signingIn } from "./promises/signing-in.js";
import { tools } from "./promises/tools.js";
import { protectedTemplate } from "./support/protected-template.js";
import { post, toolCall } from "./support/tool-call.js";

describe.each(["express", "fastify"] as const)("%s", async (name) => {
  const platform = await framework(name);

  describe("signing in", () => signingIn(platform));
  describe("deny by default", () => denyByDefault(platform));
  describe("tools", () => tools(platform));
  describe("Clerk's outages", () => clerkOutage(platform));

  it("a rule in a tool's own file holds", async () => {
    const { clerk, mcp } = await protectedTemplate({}, platform.start);
    const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url, scopes: ["email"] });
    const refused = await post(mcp.url, toolCall("whoami"), { authorization: `Bearer ${access_token}` });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toHaveProperty("error", "insufficient_scope");
  });

  describe("conformance", () =>
    conformance(platform, [
      "routing.absolute-form",
      "metadata.absolute-form",
      "origin.unauthorized-readable",
    ]));
  describe("isolation", () => isolation(platform, { users: 100, calls: 400, atOnce: 50 }));
});
