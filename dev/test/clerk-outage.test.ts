import { node } from "./platforms/platform.js";
import { clerkOutage } from "./promises/clerk-outage.js";

await clerkOutage(node);
