/**
 * Ten access rules, all of which the caller meets. Unless BENCH_EVENTS is "off", also the default events: one JSON line
 * each on stderr.
 */
import { clerkProvider } from "@xmcp-dev/clerk";

export default clerkProvider({
  scopes: ["profile", "email"],
  ...(process.env.BENCH_EVENTS === "off" && { onEvent: false }),
  access: {
    tools: {
      "g*": { callers: ["user"] },
      "gr*": { anyScope: ["profile", "email"] },
      greet: { scopes: ["profile", "email"], callers: ["user"] },
      "w*": { scopes: ["email"] },
      whoami: { scopes: ["profile"] },
      "get-*": { anyScope: ["email", "profile"] },
      "get-user-*": { scopes: ["email"] },
      "get-user-info": { scopes: ["profile", "email"] },
      "get-my-*": { callers: ["user", "api_key"] },
      "get-my-organizations": { scopes: ["profile"], callers: ["user"] },
    },
    default: "deny",
  },
});
