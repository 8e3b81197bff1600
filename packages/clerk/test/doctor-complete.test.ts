import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checks } from "../src/commands/doctor/checks/index.js";
import { ofClerk } from "./doctor-findings/clerk.js";
import { ofTheEnvironment } from "./doctor-findings/environment.js";
import { ofTheServer } from "./doctor-findings/server.js";
import { ofTheSignIn } from "./doctor-findings/sign-in.js";

const provocations = [...ofTheEnvironment, ...ofTheServer, ...ofClerk, ...ofTheSignIn];

it("the tests provoke every possible status of every check, and no other", () => {
  const possible = checks.flatMap(({ id, can }) => can.map((status) => `${id}: ${status}`));
  const provoked = new Set(provocations.map(({ id, status }) => `${id}: ${status}`));
  expect([...provoked].sort()).toEqual(possible.sort());
});

it("the names of checks and provocations are unique", () => {
  const names = [...checks.map(({ id }) => id), ...checks.map(({ title }) => title)];
  expect(new Set(names).size).toBe(names.length);
  const hows = provocations.map(({ id, status, how }) => `${id}: ${status}, when ${how}`);
  expect(new Set(hows).size).toBe(hows.length);
});

it("a check needs only earlier checks", () => {
  const ids = checks.map(({ id }) => id);
  for (const { id, needs } of checks) {
    expect(ids.slice(0, ids.indexOf(id))).toEqual(expect.arrayContaining([...needs]));
  }
});

describe("docs/operate/doctor.md", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/operate/doctor.md"), "utf8");

  it.each(checks)("has $id, with its title", ({ id, title }) => {
    expect(page).toContain(`| \`${id}\` | ${title} |`);
  });
});

it("no module outside of the commands imports the doctor", () => {
  const source = join(import.meta.dirname, "../src");
  const importing = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/^commands[\\/]/.test(file))
    .filter((file) => /from ".*doctor\/|import\(".*doctor\//.test(readFileSync(join(source, file), "utf8")));
  expect(importing).toEqual([]);
});
