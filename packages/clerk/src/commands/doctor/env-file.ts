/** The environment that the server would have: a file of `KEY=value` lines, and over it what is set. */
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { Environment } from "../../runtime/platform.js";
import { UsageError } from "../command-line.js";

const DEFAULT_FILE = ".env";

/**
 * @param file read if it is named, or else `.env` in the working directory if there is one.
 * @throws {UsageError} if a file that is named cannot be read.
 */
export function serverEnvironment(file: string | undefined, set: Environment): Environment {
  const inFile = parseEnv(textOf(file));
  // An empty variable counts as not set, and must not hide the file's value.
  const known = Object.entries(set).filter(([, value]) => value?.trim());
  return { ...inFile, ...Object.fromEntries(known) };
}

function textOf(file: string | undefined): string {
  try {
    return readFileSync(file ?? DEFAULT_FILE, "utf8");
  } catch {
    if (file === undefined) return "";
    throw new UsageError(`The file ${file} of --env cannot be read.`);
  }
}
