import { describe } from "vitest";
import { withServer, workers } from "./platforms/platform.js";
import { clerkOutage } from "./promises/clerk-outage.js";
import { conformance } from "./promises/conformance.js";
import { denyByDefault } from "./promises/deny-by-default.js";
import { isolation } from "./promises/isolation.js";
import { misconfiguration } from "./promises/misconfiguration.js";
import { openStreams } from "./promises/open-streams.js";
import { signingIn } from "./promises/signing-in.js";
import { tools } from "./promises/tools.js";
import { whatRuns } from "./promises/what-runs.js";

const platform = await withServer(await workers());

/** Cases answered by the HTTP server in front of the Worker. */
const ANSWERED_BY_THE_RUNTIME = [
  "header.blank-before-colon",
  "transport.userinfo",
  "routing.absolute-form",
  "routing.absolute-form-no-token",
  "routing.absolute-form-other-host",
  "routing.asterisk",
  "routing.authority-form",
  "routing.no-slash",
  "metadata.absolute-form",
  "challenges.resource-metadata-absolute-form",
  "origin.host-userinfo",
  "origin.host-twice",
];

describe("signing in", () => signingIn(platform));
describe("deny by default", () => denyByDefault(platform));
describe("tools", () => tools(platform));
describe("what runs", () => whatRuns(platform));
describe("open streams", () => openStreams(platform));
describe("Clerk's outages", () => clerkOutage(platform));
describe("isolation", () => isolation(platform, { users: 50, calls: 200, atOnce: 40 }));
describe("conformance", () => conformance(platform, ANSWERED_BY_THE_RUNTIME));
describe("a missing environment", () => misconfiguration(platform));
