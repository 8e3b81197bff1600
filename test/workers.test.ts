import { describe } from "vitest";
import { workers } from "./platforms/platform.js";
import { clerkOutage } from "./promises/clerk-outage.js";
import { denyByDefault } from "./promises/deny-by-default.js";
import { isolation } from "./promises/isolation.js";
import { misconfiguration } from "./promises/misconfiguration.js";
import { signingIn } from "./promises/signing-in.js";
import { tools } from "./promises/tools.js";

const platform = await workers();

describe("signing in", () => signingIn(platform));
describe("deny by default", () => denyByDefault(platform));
describe("tools", () => tools(platform));
describe("Clerk's outages", () => clerkOutage(platform));
describe("isolation", () => isolation(platform, { users: 100, calls: 400, atOnce: 50 }));
describe("a missing environment", () => misconfiguration(platform));
