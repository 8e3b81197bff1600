import { node } from "./platforms/platform.js";
import { isolation } from "./promises/isolation.js";

isolation(node, { users: 100, calls: 400, atOnce: 100 });
