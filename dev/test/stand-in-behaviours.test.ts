/** The table "How like Clerk it is" in the local Clerk's README. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { declaredIn, withBehaviours } from "../scripts/docs/stand-in-behaviours.mjs";
import { ROOT } from "./support/template.js";

it("has a row for each behaviour that a test of the local Clerk declares, and no other", () => {
  const readme = readFileSync(join(ROOT, "packages/clerk-local/README.md"), "utf8");
  expect(readme, "run npm run --prefix dev docs:behaviours").toBe(withBehaviours(readme));
});

describe("a behaviour", () => {
  const DECLARED = 'it("does", proves("id", "does", "guess", "no switch"), () => {});';

  it("is declared by a test", () => {
    expect(declaredIn([["a.test.ts", DECLARED]])).toEqual([
      { id: "id", says: "does", from: ["guess"], option: "no switch" },
    ]);
  });

  it.each([
    ["twice", DECLARED + DECLARED, "declared twice"],
    ["outside a test", 'proves("id", "does", "docs");', "not the second argument of a test"],
    ["at a test that does nothing", 'it("does", proves("id", "does", "docs"));', "not the second argument"],
    ["without a source", 'it("does", proves("id", "does"), () => {});', "where it is known from"],
    [
      "as a guess without a switch",
      'it("does", proves("id", "does", ["docs", "guess"]), () => {});',
      "no switch",
    ],
  ])("cannot be declared %s", (_name, text, message) => {
    expect(() => declaredIn([["a.test.ts", text]])).toThrow(message);
  });
});
