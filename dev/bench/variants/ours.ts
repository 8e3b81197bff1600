/** The template's own middleware, without events. */
import { clerkProvider } from "@xmcp-dev/clerk";

export default clerkProvider({ scopes: ["profile", "email"], onEvent: false });
