import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { layerFaults } from "./support/import-graph.js";
import { ROOT } from "./support/template.js";

it.each(["clerk", "clerk-local", "mcp-auth-conformance"])(
  "the imports of %s follow the layers in its layers.json, without a circle",
  (name) => {
    // Tables of cases may be long.
    const options = name === "mcp-auth-conformance" ? { longFiles: /^cases\// } : {};
    expect(layerFaults(join(ROOT, "packages", name), options)).toEqual([]);
  },
);

describe("the check of imports reports", () => {
  const LINES = "// filler\n".repeat(20);
  const FLOORS = [
    { rooms: ["top"], holds: "" },
    { rooms: ["left", "right"], holds: "" },
    { rooms: ["bottom"], holds: "" },
  ];
  const EMPTY = { "top.ts": "", "left/a.ts": "", "right/b.ts": "", "bottom/c.ts": "" };

  /** @param filler is appended to each file, so that none is too short. */
  function faultsOf(
    files: Readonly<Record<string, string>>,
    floors: object = FLOORS,
    filler = LINES,
  ): string[] {
    const folder = mkdtempSync(join(tmpdir(), "layers-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const write = (file: string, text: string): void => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    write("layers.json", JSON.stringify(floors));
    write("package.json", JSON.stringify({ exports: { ".": "./dist/top.js" } }));
    for (const [file, text] of Object.entries({ ...EMPTY, ...files }))
      write(`src/${file}`, `${text}\n${filler}`);
    return layerFaults(folder);
  }

  it("nothing, if every import points to a lower layer", () => {
    expect(faultsOf({ "top.ts": 'import { a } from "./left/a.js";' })).toEqual([]);
  });

  it.each([
    ["a value", 'import { top } from "../top.js";'],
    ["a type", 'import type { Top } from "../top.js";'],
    ["a type inside a type", 'type T = import("../top.js").Top;'],
    ["a dynamic import", 'const top = await import("../top.js");'],
    ["a re-export", 'export { top } from "../top.js";'],
  ])("an upward import of %s", (_, text) => {
    expect(faultsOf({ "bottom/c.ts": text })).toEqual(["bottom/c.ts imports up: top.ts"]);
  });

  it("a sideways import", () => {
    const text = 'import { b } from "../right/b.js";';
    expect(faultsOf({ "left/a.ts": text })).toEqual(["left/a.ts imports sideways: right/b.ts"]);
  });

  it("a cycle of files in one folder, also of types", () => {
    const faults = faultsOf({
      "left/a.ts": 'import type { D } from "./d.js";',
      "left/d.ts": 'import { a } from "./a.js";',
    });
    expect(faults).toEqual(["a circle of files: left/a.ts, left/d.ts"]);
  });

  it("a folder that is not listed, and a listed one that does not exist", () => {
    const floors = [{ rooms: ["top", "left", "right", "attic"], holds: "" }];
    expect(faultsOf({}, floors)).toEqual([
      "bottom/c.ts is in no listed room",
      "the room attic does not exist",
    ]);
  });

  it("a file that is too long, and too many loose files", () => {
    const loose = Array.from({ length: 10 }, (_, index) => [`loose${index}.ts`, ""] as const);
    const floors = [...FLOORS, { rooms: loose.map(([file]) => file.replace(".ts", "")), holds: "" }];
    const faults = faultsOf({ ...Object.fromEntries(loose), "left/a.ts": "//\n".repeat(300) }, floors);
    expect(faults.map((fault) => fault.replace(/:.*/, ""))).toEqual([
      "11 files are loose in src",
      expect.stringContaining("left/a.ts has 321 lines"),
    ]);
  });

  it("a file that is too short, unless package.json names it", () => {
    expect(faultsOf({}, FLOORS, "")).toEqual([
      "bottom/c.ts has 1 lines, fewer than 15",
      "left/a.ts has 1 lines, fewer than 15",
      "right/b.ts has 1 lines, fewer than 15",
    ]);
  });
});
