import { expect, it } from "vitest";
import { protectedTemplate } from "./support/protected-template.js";
import { callTool } from "./support/tool-call.js";

const CALLERS = 500;

it("500 concurrent callers never see each other", async () => {
  const { clerk, mcp } = await protectedTemplate();
  const users = Array.from({ length: CALLERS }, () => clerk.users.create());
  const callers = await Promise.all(
    users.map(async ({ id, email }) => {
      const { access_token } = await clerk.mint({ user: id, resource: mcp.url });
      return { id, email, token: access_token };
    }),
  );
  const answers = await Promise.all(
    callers.flatMap(({ token }) => [
      callTool(mcp.url, token, "whoami"),
      callTool(mcp.url, token, "get-user-info"),
    ]),
  );
  const seen = answers.map(({ structuredContent }) => structuredContent);
  expect(seen).toEqual(
    callers.flatMap(({ id, email }) => [
      expect.objectContaining({ userId: id }),
      expect.objectContaining({ userId: id, email }),
    ]),
  );
});
