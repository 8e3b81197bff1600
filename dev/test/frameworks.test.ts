import { describe } from "vitest";
import { framework } from "./platforms/platform.js";
import { clerkOutage } from "./promises/clerk-outage.js";
import { conformance } from "./promises/conformance.js";
import { denyByDefault } from "./promises/deny-by-default.js";
import { isolation } from "./promises/isolation.js";
import { rulesInFiles } from "./promises/rules-in-files.js";
import { signingIn } from "./promises/signing-in.js";
import { tools } from "./promises/tools.js";
import { whatRuns } from "./promises/what-runs.js";

describe.each(["express", "fastify"] as const)("%s", async (name) => {
  const platform = await framework(name);

  describe("signing in", () => signingIn(platform));
  describe("deny by default", () => denyByDefault(platform));
  describe("tools", () => tools(platform));
  describe("what runs", () => whatRuns(platform));
  describe("Clerk's outages", () => clerkOutage(platform));

  describe("rules", () => rulesInFiles(platform));
  describe("conformance", () =>
    conformance(platform, [
      "routing.absolute-form",
      "metadata.absolute-form",
      "origin.unauthorized-readable",
    ]));
  describe("isolation", () => isolation(platform, { users: 100, calls: 400, atOnce: 50 }));
});
