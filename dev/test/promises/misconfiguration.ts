import { expect, it } from "vitest";
import type { Platform } from "../platforms/platform.js";
import { standIn } from "../support/protected-template.js";
import { post, toolCall } from "../support/tool-call.js";

/** For platforms that would hide an error at the start. */
export function misconfiguration({ start }: Platform): void {
  it("is answered 500 on every request, and the log names the missing values once", async () => {
    const clerk = await standIn();
    const { CLERK_SECRET_KEY: _, ...env } = clerk.env;
    const mcp = await start({ ...env, CLERK_DOMAIN: "", CLERK_PUBLISHABLE_KEY: "" });
    const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url });
    for (const authorization of ["", `Bearer ${access_token}`]) {
      const response = await post(mcp.url, toolCall("whoami"), { authorization });
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({
        error: "server_error",
        error_description: "Authentication service misconfigured",
      });
    }
    const metadata = await fetch(`${mcp.origin}/.well-known/oauth-protected-resource`);
    expect(metadata.status).toBe(500);
    await expect.poll(mcp.output).toMatch(/Missing required config:\s+- CLERK_SECRET_KEY.*\s+- CLERK_DOMAIN/);
    expect(mcp.output().match(/Missing required config/g)).toHaveLength(1);
  });
}
