/** docs/llms.txt, and AGENTS.md of this repository. dev/test/export-template.test.ts has those of the exported template. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./support/template.js";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const AGENTS = read("AGENTS.md");
const ENTRY = /^- \[[^\]]+\]\([\w/-]+\.md\): .+$/gm;

it("llms.txt has the pages of the index, with the same titles and descriptions", () => {
  const entries = read("docs/llms.txt").match(ENTRY);
  expect(entries?.length).toBeGreaterThan(20);
  expect(entries).toEqual(read("docs/README.md").match(ENTRY));
});

it("llms.txt begins with a title and a summary, as the format asks for", () => {
  expect(read("docs/llms.txt")).toMatch(/^# .+\n\n> .+\n/);
});

it("AGENTS.md names scripts and files that exist", () => {
  const found = (pattern: RegExp) => [...AGENTS.matchAll(pattern)].map(([, text = ""]) => text);
  const { scripts } = JSON.parse(read("package.json")) as { scripts: object };
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(found(/npm run ([\w:-]+)/g)));
  const files = [...found(/\]\((?!https?:)([^)]+)\)/g), ...found(/`((?:src|test|docs|dev)\/[\w./-]*)`/g)];
  expect(files.length).toBeGreaterThan(8);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

it("the exported AGENTS.md has the same rules", () => {
  const rules = (text: string) =>
    text.slice(text.indexOf("## Write a tool")).replaceAll("../../docs/", "docs/");
  expect(rules(read("dev/exported-template/AGENTS.md"))).toBe(rules(AGENTS));
});
