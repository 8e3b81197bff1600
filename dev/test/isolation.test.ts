import { node } from "./platforms/platform.js";
import { isolation } from "./promises/isolation.js";

isolation(node, { users: 200, calls: 800, atOnce: 100 });
