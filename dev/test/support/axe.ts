import axe from "axe-core";
import type { Frame, Page } from "playwright-core";

/** The violations that axe finds on a page: each rule, and the elements. */
export async function violations(page: Page | Frame): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found, passes } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(),
  );
  if (passes.length === 0) throw new Error("axe has checked nothing.");
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
