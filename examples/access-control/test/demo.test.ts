import { cp, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../../../dev/test/support/program.js";
import { edit, emptyFolder, ROOT } from "../../../dev/test/support/template.js";
import { APP } from "./support/app.js";

it("npm run demo shows who may do what, and succeeds", async () => {
  const { code, output } = await run("node", ["scripts/demo.mjs"], { cwd: APP });
  expect(code, output).toBe(0);
  const steps = [
    /Ada, administrator of Acme, premium +add, delete-document, generate-image, get-documents, user-info\n/,
    /Bob, member of Acme +add, get-documents, user-info\n/,
    /Grace, administrator of Globex +add, delete-document, get-documents, user-info\n/,
    /is refused with +Bearer error="insufficient_scope"/,
    /signs in again, now for +.*documents:read\n/,
    /sign-ins that this took +1\n/,
    /Grace reads +ok: Recipe\n/,
    /Bob deletes “Prices” +403: .*the permission org:documents:delete\n/,
    /Ada deletes “Prices” +ok: “Prices” is deleted\.\n/,
    /Ada deletes Bob's draft +tool error: .* is locked/,
    /Ada deletes Globex's recipe +tool error: There is no document/,
    /Ada, role premium +ok: image\/png, \d+ bytes\n/,
    /Bob, no role +403: /,
    /Nightly export of Acme +Draft of a letter, Plan for the year\n/,
    /Nightly export of Globex +Recipe\n/,
    /✔ All calls had the expected result/,
  ];
  let rest = output;
  for (const step of steps) {
    expect(rest).toMatch(step);
    rest = rest.slice(rest.search(step));
  }
  expect(output).not.toMatch(/eyJ|sk_test_|ak_/);
});

it("npm run demo fails when somebody may do more than it says", async () => {
  const cwd = await copyOfApp();
  const bob = '"user": "bob", "organization": "acme", "role": ';
  await edit(join(cwd, "seed.json"), `${bob}"org:member"`, `${bob}"org:admin"`);
  const { code, output } = await run("node", ["scripts/demo.mjs"], { cwd });
  expect(code, output).toBe(1);
  expect(output).toMatch(/✘ Bob, member of Acme: expected .*, and it was add, delete-document/);
});

/** Contains the existing build, with a new time stamp: otherwise it would count as older than its sources. */
async function copyOfApp(): Promise<string> {
  const folder = await emptyFolder();
  const cwd = join(folder, "examples/access-control");
  await cp(APP, cwd, { recursive: true });
  const now = new Date();
  await utimes(join(cwd, "dist/http.js"), now, now);
  for (const part of ["node_modules", "packages", "scripts"]) {
    await symlink(join(ROOT, part), join(folder, part), "junction");
  }
  return cwd;
}
