import { describe } from "vitest";
import { webHandler } from "./platforms/platform.js";
import { whatRuns } from "./promises/what-runs.js";

const platform = await webHandler();

describe("what runs with withClerk and xmcp's adapter", () => whatRuns(platform));
