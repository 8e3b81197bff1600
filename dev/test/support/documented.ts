import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./template.js";

/** The code of a page for this file: the fenced block whose first line names it. */
export function documented(page: string, file: string): string {
  const blocks = readFileSync(join(ROOT, page), "utf8").matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm);
  for (const [, name, code = ""] of blocks) if (name === file) return code;
  throw new Error(`${page} has no code for ${file}.`);
}

/** The same with other values, each of which must be there. */
export function replaced(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((result, [before, after]) => {
    if (!result.includes(before)) throw new Error(`There is no ${before} in it.`);
    return result.replaceAll(before, after);
  }, text);
}
