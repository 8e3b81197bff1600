import { expect, it } from "vitest";
import { run } from "../../../dev/test/support/program.js";
import { APP } from "./support/app.js";

it("npm run demo shows each way to an account, and succeeds", async () => {
  const { code, output } = await run("node", ["scripts/demo.mjs"], { cwd: APP });
  expect(code, output).toBe(0);
  expect(output).toMatch(/list-repositories +ok: ada\/analytical-engine, ada\/notes\n/);
  expect(output).toMatch(/it shows +Connect your GitHub account again, and allow repo\.\n/);
  expect(output).toMatch(/the same call +ok: grace\/compiler\n/);
  expect(output).toMatch(/by its rule +tool error: Connect your GitHub account\. Open http/);
  expect(output).not.toMatch(/eyJ|sk_test_|pvt_/);
});
