import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { becomeExample, expectBuilt } from "./platforms/platform.js";
import { run } from "./support/program.js";
import { standIn } from "./support/protected-template.js";
import { edit, templateCopy } from "./support/template.js";

const clerk = await standIn();
const environment = { ...clerk.env, BASE_URL: "http://127.0.0.1:3001", NODE_ENV: "production", PORT: "0" };

/** A rule in a tool's own file is all that protects it. */
async function withOwnRule(cwd: string): Promise<void> {
  await edit(
    join(cwd, "src/tools/greet.ts"),
    "export const metadata",
    'export const access = "deny";\n\nexport const metadata',
  );
}

describe("a build without the bundler line, in which a tool's own rule would not apply, does not start:", () => {
  it("an app of another framework", async () => {
    const cwd = await templateCopy();
    await becomeExample("express", cwd);
    await withOwnRule(cwd);
    await edit(join(cwd, "xmcp.config.ts"), "bundler: declareToApp,", "");
    await expectBuilt(cwd, "xmcp", "build");
    const { code, output } = await run("node", ["server.mjs"], { cwd, env: environment });
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining("`bundler: declareToApp`") });
  });

  it("a server of xmcp's own", async () => {
    const cwd = await templateCopy();
    await withOwnRule(cwd);
    await edit(
      join(cwd, "xmcp.config.ts"),
      "bundler: (config: object) => serveOnWorkers(serveOnNode(config)),",
      "",
    );
    await expectBuilt(cwd, "xmcp", "build");
    const { code, output } = await run("node", ["dist/http.js"], { cwd, env: environment });
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining("serveOnNode") });
  });
});
