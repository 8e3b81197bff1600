import { node } from "./platforms/platform.js";
import { isolation } from "./promises/isolation.js";

isolation(node, { users: 500, calls: 2_000, atOnce: 200 });
