import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { documented, replaced } from "../support/documented.js";
import { run } from "../support/program.js";
import { emptyFolder, ROOT, SERVER } from "../support/template.js";

const UNIT = documented("docs/deploy/node.md", "/etc/systemd/system/mcp.service");

it("the documented unit waits longer for running calls than the server does", () => {
  const serve = readFileSync(join(ROOT, "packages/clerk/src/adapters/xmcp/serve.ts"), "utf8");
  const drainMs = Number(/DRAIN_MS = ([\d_]+)/.exec(serve)?.[1]?.replaceAll("_", ""));
  const waits = Number(/^TimeoutStopSec=(\d+)$/m.exec(UNIT)?.[1]) * 1_000;
  expect(waits).toBeGreaterThan(drainMs);
});

// The unit is for Linux only.
if (process.platform === "linux") {
  it("systemd accepts every directive of the unit, and rates its exposure as low", async () => {
    const cwd = await emptyFolder();
    const here = { "/usr/bin/node": process.execPath, "/opt/mcp/http.js": SERVER };
    await writeFile(join(cwd, "mcp.service"), replaced(UNIT, here));

    const analyze = (...args: string[]) => run("systemd-analyze", [...args, "./mcp.service"], { cwd });
    expect(await analyze("verify", "--man=no", "--recursive-errors=no")).toMatchObject({
      code: 0,
      output: "",
    });
    // The exposure is between 0, for the best, and 100.
    const { code, output } = await analyze("security", "--offline=yes", "--no-pager", "--threshold=20");
    expect(code, output).toBe(0);
  });
}
