import { node } from "./platforms/platform.js";
import { tools } from "./promises/tools.js";

await tools(node);
