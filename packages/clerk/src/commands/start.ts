/** The command `start`: runs the built server in this process, so that signals reach it. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const SERVER = "dist/http.js";

/** @returns the exit code, which a running server may change. */
export async function start(argv: readonly string[]): Promise<number> {
  if (argv.length > 0) {
    process.stderr.write("start has no options: set PORT, HOST and the others in the environment.\n");
    return 2;
  }
  if (!existsSync(SERVER)) {
    process.stderr.write("There is no build yet. Run npm run build first.\n");
    return 1;
  }
  await import(pathToFileURL(resolve(SERVER)).href);
  return 0;
}
