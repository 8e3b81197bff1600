import { clerkProvider } from "@xmcp-dev/clerk";

export default clerkProvider({ scopes: ["profile", "email"] });
