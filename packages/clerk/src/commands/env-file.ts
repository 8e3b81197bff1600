/** The server's environment: a file of `KEY=value` lines, overridden by set variables. */
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { Environment } from "../runtime/platform.js";
import { UsageError } from "./command-line.js";

const DEFAULT_FILE = ".env";

/**
 * @param file its path; `undefined`: `.env` in the working directory, if it exists.
 * @throws {UsageError} if the named file cannot be read.
 */
export function serverEnvironment(file: string | undefined, set: Environment): Environment {
  const inFile = parseEnv(textOf(file).replace(/^\ufeff/, ""));
  // An empty variable counts as not set, and must not hide the file's value.
  const known = Object.entries(set).filter(([, value]) => value?.trim());
  return { ...inFile, ...Object.fromEntries(known) };
}

function textOf(file: string | undefined): string {
  try {
    return readFileSync(file ?? DEFAULT_FILE, "utf8");
  } catch {
    if (file === undefined) return "";
    throw new UsageError(`The file ${file} in --env cannot be read.`);
  }
}
