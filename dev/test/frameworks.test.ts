import { describe } from "vitest";
import { framework, withServer } from "./platforms/platform.js";
import { clerkOutage } from "./promises/clerk-outage.js";
import { ADAPTED, conformance } from "./promises/conformance.js";
import { denyByDefault } from "./promises/deny-by-default.js";
import { isolation } from "./promises/isolation.js";
import { rulesInFiles } from "./promises/rules-in-files.js";
import { signingIn } from "./promises/signing-in.js";
import { tools } from "./promises/tools.js";
import { whatRuns } from "./promises/what-runs.js";

const express = await withServer(await framework("express"));
const fastify = await withServer(await framework("fastify"));

describe.each([
  ["express", express],
  ["fastify", fastify],
])("%s", (_name, platform) => {
  describe("signing in", () => signingIn(platform));
  describe("deny by default", () => denyByDefault(platform));
  describe("tools", () => tools(platform));
  describe("what runs", () => whatRuns(platform));
  describe("rules", () => rulesInFiles(platform));
});

// Both frameworks mount the same adapter. How the protection itself behaves is tested with one of them.
describe("on express", () => {
  describe("Clerk's outages", () => clerkOutage(express));
  describe("isolation", () => isolation(express, { users: 50, calls: 200, atOnce: 40 }));
  describe("conformance", () =>
    conformance(
      express,
      ["routing.absolute-form", "metadata.absolute-form", "origin.unauthorized-readable"],
      ADAPTED,
    ));
});
