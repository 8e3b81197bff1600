import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { eventually } from "./eventually.js";
import { callTool, type ToolResult } from "./tool-call.js";

/** Calls a tool that now waits 1.5 seconds for Clerk. Its answer contains Ada's address. */
export async function waitingCall(clerk: ClerkLocal, url: string): Promise<{ answer: Promise<ToolResult> }> {
  const { access_token } = await clerk.mint({ user: "ada", resource: url });
  await callTool(url, access_token, "whoami");
  clerk.faults({ path: "/v1/users/*", latencyMs: 1_500 });
  const answer = callTool(url, access_token, "get-user-info");
  await eventually("the tool waits for Clerk", () =>
    clerk.requests().some(({ path, status }) => path.startsWith("/v1/users/") && status === 0),
  );
  return { answer };
}
