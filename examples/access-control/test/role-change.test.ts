import { expect, it } from "vitest";
import { eventually } from "../../../dev/test/support/eventually.js";
import { app, call, tokenOf } from "./support/app.js";

/** The plugin caches a membership for less than this. */
const LONGEST_MS = 75_000;

it("a new role counts within a minute, and without another sign-in", {
  timeout: 2 * LONGEST_MS,
}, async () => {
  const running = await app();
  const { clerk, mcp } = running;
  const bob = await tokenOf(running, { user: "bob", organization: "acme" });
  const deletes = () => call(mcp, bob, "delete-document", { id: "acme-prices" });

  expect(await deletes()).toMatchObject({ status: 403, error: "access_denied" });
  clerk.organizations.setRole("acme", "bob", "org:admin");
  const answer = await eventually(
    "Bob, now an administrator, deletes a document",
    async () => {
      const { status, text } = await deletes();
      return status === 200 && text;
    },
    LONGEST_MS,
  );
  expect(answer).toBe("“Prices” is deleted.");
});
