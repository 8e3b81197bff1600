import { cp, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../support/program.js";
import { emptyFolder, ROOT } from "../support/template.js";
import { trackedFiles } from "./tracked-files.js";

const COMMANDS = { demo: "npm install && npm run demo", test: "npm install && npm test" };

const ENVIRONMENT = {
  npm_config_prefer_offline: "true",
  npm_config_audit: "false",
  npm_config_fund: "false",
  // Or this test would start itself again.
  WITHOUT_SCAFFOLD_TEST: "1",
};

const TIMEOUT_MS = 15 * 60_000;

it("the README names the two commands", async () => {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  for (const command of Object.values(COMMANDS)) expect(readme).toContain(command);
});

it("a fresh copy passes both, in a folder with a space in its name", { timeout: TIMEOUT_MS }, async () => {
  const cwd = join(await emptyFolder(), "my server");
  for (const file of await trackedFiles()) {
    await mkdir(dirname(join(cwd, file)), { recursive: true });
    await cp(join(ROOT, file), join(cwd, file));
  }
  const shell = (command: string) => run("sh", ["-c", command], { cwd, env: ENVIRONMENT });

  const demo = await shell(COMMANDS.demo);
  expect(demo.code, demo.output).toBe(0);
  expect(demo.output).toContain("Everything works");

  const test = await shell(COMMANDS.test);
  expect(test.code, test.output).toBe(0);
  expect(test.output).toMatch(/^[1-9]\d* passed, 0 failed$/m);
});
