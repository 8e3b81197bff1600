import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { demoTranscript } from "../scripts/docs/demo-transcript.mjs";
import { terminalSvg } from "../scripts/docs/terminal-svg.mjs";
import { ROOT } from "./support/template.js";

const README = readFileSync(join(ROOT, "README.md"), "utf8");
const picture = (name: string): Buffer => readFileSync(join(ROOT, "docs/images", name));

it("the recording shows what the demo prints today (npm run docs:recording makes it anew)", async () => {
  expect(picture("demo.svg").toString()).toBe(terminalSvg("npm run demo", await demoTranscript()));
  expect(README).toContain("(docs/images/demo.svg)");
});

it("the recording plays for those who do not mind motion, and asks nothing of anybody else", () => {
  const svg = picture("demo.svg").toString();
  expect(svg).toContain("@media(prefers-reduced-motion:reduce){text,#scroll{animation:none}}");
  expect(svg).not.toMatch(/<script|href=|url\(|@import/);
});

it.each(["sign-in", "consent"])("there is a small picture of %s in the README", (name) => {
  const png = picture(`${name}.png`);
  expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
  expect(png.length).toBeLessThan(100_000);
  expect(README).toContain(`docs/images/${name}.png`);
});
