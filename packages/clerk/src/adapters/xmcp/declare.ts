import { declareGlobally } from "./declarations.js";
import { prompts, resources, tools } from "./injected.js";

const LEFT_OUT =
  "[Clerk] xmcp's build does not contain @xmcp-dev/clerk/declare, so the rules in the tools' files are not known. Put " +
  "declareToApp of @xmcp-dev/clerk/bundler into `bundler` of xmcp.config.ts, and build again with xmcp 1.1.";

/**
 * The first entry of an adapter's build (bundler.ts), so that it runs when the app loads the build, before any request.
 */
if (tools === undefined) throw new Error(LEFT_OUT);
declareGlobally({ tools, prompts, resources });
