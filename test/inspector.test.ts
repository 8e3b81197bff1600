import { expect, it } from "vitest";
import { run } from "./support/program.js";
import { protectedTemplate, tokenFor } from "./support/protected-template.js";
import { emptyFolder } from "./support/template.js";

it("the Inspector's command line lists the tools with a bearer token, and is refused without", async () => {
  const { clerk, mcp } = await protectedTemplate();
  const cwd = await emptyFolder();
  const inspector = (...more: string[]) =>
    run("mcp-inspector", ["--cli", mcp.url, "--transport", "http", "--method", "tools/list", ...more], {
      cwd,
    });

  const listed = await inspector("--header", `Authorization: Bearer ${await tokenFor(clerk, mcp)}`);
  expect(listed.code, listed.output).toBe(0);
  const { tools } = JSON.parse(listed.stdout) as { tools: { name: string }[] };
  expect(tools.map(({ name }) => name).sort()).toEqual([
    "get-my-organizations",
    "get-user-info",
    "greet",
    "whoami",
  ]);

  const refused = await inspector();
  expect(refused.code).not.toBe(0);
  expect(refused.output).not.toContain("whoami");
});
