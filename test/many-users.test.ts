import { expect, it } from "vitest";
import { protectedTemplate } from "./support/protected-template.js";
import { callTool } from "./support/tool-call.js";

const CALLERS = 500;
/** Not all: on a slow machine the last of them would wait longer for the stand-in than a call to Clerk may take. */
const asksClerk = (index: number): boolean => index % 4 === 0;

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
    callers.map(({ token }, index) =>
      callTool(mcp.url, token, asksClerk(index) ? "get-user-info" : "whoami"),
    ),
  );
  const seen = answers.map(({ structuredContent }) => structuredContent);
  expect(seen).toEqual(
    callers.map(({ id, email }, index) =>
      expect.objectContaining({ userId: id, ...(asksClerk(index) && { email }) }),
    ),
  );
});
