import { expect, it } from "vitest";
import type { Platform } from "../platforms/platform.js";
import { protectedTemplate } from "../support/protected-template.js";
import { post, toolCall } from "../support/tool-call.js";

/** For an app of another framework, whose build does not include the protection. */
export function rulesInFiles({ start }: Platform): void {
  it("a rule in a tool's own file is enforced", async () => {
    const { clerk, mcp } = await protectedTemplate({}, start);
    const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url, scopes: ["email"] });
    const refused = await post(mcp.url, toolCall("whoami"), { authorization: `Bearer ${access_token}` });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toHaveProperty("error", "insufficient_scope");
  });
}
