import { describe } from "vitest";
import { nodeWithClosedThings } from "./platforms/platform.js";
import { conformance, RULES } from "./promises/conformance.js";
import { whatRuns } from "./promises/what-runs.js";

const platform = await nodeWithClosedThings();

await whatRuns(platform);
describe("conformance", () => conformance(platform, [], RULES));
