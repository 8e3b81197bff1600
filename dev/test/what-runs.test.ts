import { nodeWithClosedThings } from "./platforms/platform.js";
import { whatRuns } from "./promises/what-runs.js";

await whatRuns(await nodeWithClosedThings());
