import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "../support/template.js";

/** What builds make, what npm installs, and Clerk's own texts. */
const NOT_OURS = /^(?:node_modules|dist|out|\.[\w-]+|schemas)$/;

/** The files of a folder that are tracked, with one of the endings. */
function filesIn(folder: string, endings: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.test(entry.name) ? [] : filesIn(path, endings);
    return endings.test(entry.name) ? [path] : [];
  });
}

/** Every page that people read: the guides, and the READMEs beside the code. */
export const PAGES: readonly string[] = [
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md")),
  ...["docs", "packages", "examples", "dev"].flatMap((folder) => filesIn(folder, /\.md$|^llms\.txt$/)),
  ".github/CONTRIBUTING.md",
  ".github/SECURITY.md",
].map((path) => relative(".", path));

/** Everything with messages or comments, but for tests. */
export const SOURCES: readonly string[] = [
  ".env.example",
  "xmcp.config.ts",
  ...["src", "test", "packages", "examples", "dev"]
    .flatMap((folder) => filesIn(folder, /\.(?:m?[jt]sx?|html|css)$/))
    .filter((path) => !/^(?:packages\/[\w-]+|examples\/[\w-]+|dev)\/test\//.test(path)),
];
