import { describe, expect, it } from "vitest";
import type { Platform } from "../platforms/platform.js";
import { protectedTemplate, tokenFor } from "../support/protected-template.js";
import { callTool } from "../support/tool-call.js";

export async function tools({ start, template }: Platform): Promise<void> {
  const { clerk, mcp } = template ?? (await protectedTemplate({}, start));

  describe.each([0, 1, 120])("a user in %i organizations", async (count) => {
    const username = `in-${count}`;
    const { id: userId, email } = clerk.users.create({ username, organizations: count });
    const memberships = clerk.users.memberships(userId);
    const organizations = memberships.map(({ organizationId }) => clerk.organizations.get(organizationId));
    const active = organizations.at(-1);
    const { access_token: token } = await clerk.mint({
      user: userId,
      resource: mcp.url,
      ...(active && { organization: active.id }),
    });
    const session = {
      userId,
      sessionId: null,
      organizationId: active?.id ?? null,
      organizationRole: active ? "org:admin" : null,
    };

    it("is greeted", async () => {
      const { structuredContent } = await callTool(mcp.url, token, "greet", { name: "Zoë" });
      const greeting = `Hello, Zoë! You are signed in as ${userId}.`;
      expect(structuredContent).toEqual({ greeting, userId });
    });

    it("sees their identity", async () => {
      const { structuredContent } = await callTool(mcp.url, token, "whoami");
      expect(structuredContent).toMatchObject({
        ...session,
        scopes: expect.arrayContaining(["profile", "email"]),
      });
    });

    it("gets their profile", async () => {
      const { structuredContent } = await callTool(mcp.url, token, "get-user-info");
      expect(structuredContent).toMatchObject({ ...session, email, username });
    });

    it("gets all their organizations, each once, with the active one marked", async () => {
      const { structuredContent } = await callTool(mcp.url, token, "get-my-organizations");
      expect(structuredContent).toEqual({
        totalCount: count,
        organizations: organizations.map(({ id, name, slug }) => ({
          id,
          name,
          slug,
          role: "org:admin",
          permissions: expect.arrayContaining(["org:documents:write"]),
          active: id === active?.id,
        })),
      });
    });

    it("gets the same data as text and as structured content", async () => {
      const { content, structuredContent } = await callTool(mcp.url, token, "get-my-organizations");
      expect(JSON.parse(content[0]?.text ?? "")).toEqual(structuredContent);
    });
  });

  describe("a user who has been deleted since they signed in", async () => {
    const { id } = clerk.users.create({ organizations: 1 });
    const token = await tokenFor(clerk, mcp, id);
    clerk.users.delete(id);

    it("is still identified by the token, until it expires", async () => {
      expect(await callTool(mcp.url, token, "whoami")).toHaveProperty("structuredContent.userId", id);
    });

    it.each(["get-user-info", "get-my-organizations"])(
      "%s fails with a message that says so",
      async (tool) => {
        const { isError, content } = await callTool(mcp.url, token, tool);
        expect(isError).toBe(true);
        expect(content[0]?.text).toMatch(/no longer exists/);
      },
    );
  });

  it("a wrong argument is a tool error that names it", async () => {
    const { isError, content } = await callTool(mcp.url, await tokenFor(clerk, mcp), "greet", { name: "" });
    expect(isError).toBe(true);
    expect(content[0]?.text).toContain("name");
  });
}
