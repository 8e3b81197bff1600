import { node } from "./platforms/platform.js";
import { denyByDefault } from "./promises/deny-by-default.js";

await denyByDefault(node);
