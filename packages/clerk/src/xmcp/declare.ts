import { declareGlobally } from "./declared.js";
import { prompts, resources, tools } from "./injected.js";

/** Begins the build of an adapter (bundler.ts), and is so evaluated when the app loads it: before any request. */
declareGlobally({ tools, prompts, resources });
