import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { buildIfNeeded } from "../build-if-needed.mjs";

/** Replacements for values that differ from run to run. The ports are those of `npm run dev:local`. */
const STAND_INS = /** @type {const} */ ([
  [/(clerk-local +http:\/\/127\.0\.0\.1):\d+/g, "$1:4400"],
  [/(http:\/\/127\.0\.0\.1):\d+(\/images)/g, "$1:4400$2"],
  [/(http:\/\/127\.0\.0\.1):(?!4400)\d+/g, "$1:3001"],
  [/("clientId": )"\w+"/g, '$1"client_…"'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "…"],
]);

/** The lines that `npm run demo` prints, with varying values replaced. */
export async function demoTranscript() {
  buildIfNeeded();
  const { stdout } = await promisify(execFile)(process.execPath, ["test/demo.mjs"]);
  const text = STAND_INS.reduce((result, [pattern, standIn]) => result.replace(pattern, standIn), stdout);
  return text.trim().split("\n");
}
