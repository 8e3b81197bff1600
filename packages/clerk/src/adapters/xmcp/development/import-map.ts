import type { Compiler } from "./compiler.js";

/** In it, xmcp's compiler lists the files of the project. */
const IMPORT_MAP = ".xmcp/import-map.js";
const POLL_MS = 500;

/**
 * Keeps watching xmcp's list of files, and prints what was added to it or removed. `xmcp build` removes the folder, of which the
 * bundler's own watcher learns nothing more then: tools that are added later would be missing.
 */
export function watchedFiles(compiler: Compiler): void {
  const { existsSync, readFileSync, watchFile } = process.getBuiltinModule("fs");
  const path = `${process.cwd()}/${IMPORT_MAP}`;
  const listed = () => filesIn(readFileSync(path, "utf8"));
  let known: readonly string[] | undefined;
  const check = () => {
    if (!existsSync(path) || known === undefined || changes(known, listed()).length === 0) return;
    compiler.watching?.invalidateWithChangesAndRemovals(new Set([path]), new Set());
  };
  // The bundler comes first, unless it has missed the change.
  watchFile(path, { interval: POLL_MS }, () => setTimeout(check, POLL_MS));
  compiler.hooks.done.tap("@xmcp-dev/clerk", (stats) => {
    if (stats.hasErrors()) return;
    const files = listed();
    for (const change of known === undefined ? [] : changes(known, files)) console.log(change);
    known = files;
  });
}

function filesIn(text: string): readonly string[] {
  return [...text.matchAll(/^"(.+)": \(\) => import\(/gm)].map(([, file = ""]) => file);
}

function changes(before: readonly string[], after: readonly string[]): readonly string[] {
  return [
    ...after.filter((file) => !before.includes(file)).map((file) => `+ ${file} was added`),
    ...before.filter((file) => !after.includes(file)).map((file) => `- ${file} was removed`),
  ];
}
