import { freePort } from "@xmcp-dev/clerk-local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { run, start } from "../support/program.js";
import { standIn } from "../support/protected-template.js";
import { freshCopy } from "./fresh-copy.js";
import { install, type ManagerName, type PackageManager, packageManager } from "./package-managers.js";

const INSTALL_TIMEOUT_MS = 5 * 60_000;
/** The first start is slow on a busy machine. */
const START_TIMEOUT_MS = 2 * 60_000;
const TEST_TIMEOUT_MS = 5 * 60_000;

/** Only these tests depend on how the template was installed. */
const AFTER_INSTALLATION = [
  "--project",
  "user",
  "--project",
  "template",
  "/test/server",
  "dev/test/dev.test",
  "dev/test/tools",
];

/** Tests that a copy of this repository works with this package manager, from install to test. */
export function worksWith(name: ManagerName): void {
  describe(`a fresh copy, renamed and in a folder with a space in its name, with ${name}`, () => {
    let manager: PackageManager;
    let cwd: string;

    beforeAll(async () => {
      manager = await packageManager(name);
      cwd = await freshCopy();
      await install(manager, cwd);
    }, INSTALL_TIMEOUT_MS);

    const script = (script: string) => run(manager.command, ["run", script], { cwd, env: manager.env });

    it("dev challenges a request without a token, and Ctrl+C ends it", {
      timeout: TEST_TIMEOUT_MS,
    }, async () => {
      const clerk = await standIn();
      const port = await freePort();
      const origin = `http://127.0.0.1:${port}`;
      const env = { ...manager.env, ...clerk.env, PORT: String(port), BASE_URL: origin };
      const dev = start(manager.command, ["run", "dev"], { cwd, env });
      await dev.printed(`MCP Server running on ${origin}/mcp`, START_TIMEOUT_MS);
      const answer = await fetch(`${origin}/mcp`);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toContain(`resource_metadata="${origin}/`);
      // A terminal sends the signal to the whole process group.
      process.kill(-dev.pid, "SIGINT");
      await dev.exited;
      await expect(fetch(`${origin}/mcp`)).rejects.toThrow();
    });

    it("build makes the server", { timeout: TEST_TIMEOUT_MS }, async () => {
      const { code, output } = await script("build");
      expect(code, output).toBe(0);
    });

    it("demo shows that everything works", { timeout: TEST_TIMEOUT_MS }, async () => {
      const { code, output } = await script("demo");
      expect(code, output).toBe(0);
      expect(output).toContain("Everything works");
    });

    it("the tests that depend on the installation pass", { timeout: TEST_TIMEOUT_MS }, async () => {
      const command = [
        "exec",
        "--",
        "vitest",
        "run",
        "--config",
        "dev/vitest.config.mts",
        ...AFTER_INSTALLATION,
      ];
      const { code, output } = await run("npm", command, { cwd, env: manager.env });
      expect(code, output).toBe(0);
      expect(output).toMatch(/^[1-9]\d* passed, 0 failed$/m);
    });
  });
}
