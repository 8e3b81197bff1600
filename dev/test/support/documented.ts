import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./template.js";

/** A file's code on a page: the fenced block whose info string names the file. */
export function documented(page: string, file: string): string {
  const blocks = readFileSync(join(ROOT, page), "utf8").matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm);
  for (const [, name, code = ""] of blocks) if (name === file) return code;
  throw new Error(`${page} has no code for ${file}.`);
}

/** Replaces values in a text. Throws if one of them is missing. */
export function replaced(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((result, [before, after]) => {
    if (!result.includes(before)) throw new Error(`There is no ${before} in it.`);
    return result.replaceAll(before, after);
  }, text);
}
