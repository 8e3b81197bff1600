import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../support/program.js";
import { emptyFolder, ROOT } from "../support/template.js";

const NAMES = ["home-page", "sign-in", "consent"];
const COMMITTED = join(ROOT, "docs/images");

it("the recording matches the demo's output (npm run --prefix dev docs:recording updates it)", async () => {
  const today = join(await emptyFolder(), "demo.svg");
  const { code, output } = await run("node", ["dev/scripts/docs/recording.mjs", today], { cwd: ROOT });
  expect(code, output).toBe(0);
  expect(readFileSync(join(COMMITTED, "demo.svg"), "utf8")).toBe(readFileSync(today, "utf8"));
});

it("the recording respects reduced motion, and loads nothing", () => {
  const svg = readFileSync(join(COMMITTED, "demo.svg"), "utf8");
  expect(svg).toContain("@media(prefers-reduced-motion:reduce){text,#scroll{animation:none}}");
  expect(svg).not.toMatch(/<script|href=|url\(|@import/);
});

it("npm run --prefix dev docs:pictures takes the pictures, each under 100 kB", async () => {
  const folder = await emptyFolder();
  const { code, output } = await run("node", ["dev/scripts/docs/pictures.mjs", folder], { cwd: ROOT });
  expect(code, output).toBe(0);
  for (const file of [COMMITTED, folder].flatMap((where) =>
    NAMES.map((name) => join(where, `${name}.png`)),
  )) {
    const png = readFileSync(file);
    expect(png.subarray(0, 8).toString("latin1"), file).toBe("\x89PNG\r\n\x1a\n");
    expect(png.length, file).toBeLessThan(100_000);
  }
});

it("the README shows the recording, and the quickstart the pages", () => {
  const shownIn = (page: string) =>
    [...readFileSync(join(ROOT, page), "utf8").matchAll(/images\/([\w.-]+)/g)].map(([, file]) => file);
  expect(shownIn("README.md")).toEqual(["demo.svg"]);
  expect(shownIn("docs/start/quickstart.md")).toEqual(["home-page.png", "sign-in.png", "consent.png"]);
});
