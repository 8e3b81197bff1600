import { compileErrors } from "./compile-errors.js";
import type { Compiler } from "./compiler.js";
import { watchedFiles } from "./import-map.js";
import { DevelopmentServer } from "./server-process.js";

/** The folder of the server that `xmcp dev` starts. `xmcp build` empties `dist/`, and its result must stay in there. */
const FOLDER = ".xmcp-dev";

/**
 * The changes to the configuration of `xmcp dev`: the server is a file of its own, errors name lines of the source, and what
 * goes wrong is said in a few lines.
 */
export function developing(output: unknown): object {
  const path = `${process.cwd()}/${FOLDER}`;
  ignoreInGit(path);
  return {
    devtool: "nosources-cheap-module-source-map",
    output: {
      ...(output as object),
      path,
      clean: false,
      devtoolModuleFilenameTemplate: "[absolute-resource-path]",
    },
  };
}

/** Plugins for `xmcp dev`. */
export const developmentPlugins: readonly unknown[] = [
  {
    apply(compiler: Compiler): void {
      const server = new DevelopmentServer(`${FOLDER}/http.js`);
      compileTwice(compiler);
      watchedFiles(compiler);
      compiler.hooks.done.tap("@xmcp-dev/clerk", (stats) => {
        if (stats.hasErrors()) stats.toString = () => compileErrors(stats, server.isRunning);
      });
    },
  },
];

/**
 * `xmcp dev` starts the server only after a second compilation; xmcp's generated entry triggers one, ours must do it
 * itself.
 */
function compileTwice(compiler: Compiler): void {
  let isFirst = true;
  compiler.hooks.afterDone.tap("@xmcp-dev/clerk", () => {
    if (isFirst) compiler.watching?.invalidate();
    isFirst = false;
  });
}

function ignoreInGit(folder: string): void {
  const { mkdirSync, writeFileSync } = process.getBuiltinModule("fs");
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/.gitignore`, "*\n");
}
