import { clerkProvider } from "@xmcp-dev/clerk";
import { telemetry } from "./telemetry";

export default clerkProvider({
  accepts: ["oauth_token", "api_key"],
  scopes: ["profile", "email", "user:org:read"],
  access: {
    // A new tool is closed until it has a rule.
    default: "deny",
    tools: {
      add: "authenticated",
      "user-info": { callers: ["user"] },
      "generate-image": { metadata: { role: ["admin", "premium"] } },
      "get-*": { callers: ["user"], organization: true, scopes: ["documents:read"] },
      // Only people may delete. Each of these tools adds its own rule.
      "delete-*": { callers: ["user"] },
      "export-*": { callers: ["api_key"], organization: true, scopes: ["documents:read"] },
    },
    scopeHierarchy: { "documents:admin": ["documents:read", "documents:write"] },
    lists: "reachable",
  },
  onEvent: telemetry(),
});
