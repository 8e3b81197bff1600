import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

const LOCK_FILES: Readonly<Record<string, PackageManager>> = {
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
  "bun.lock": "bun",
  "bun.lockb": "bun",
  "package-lock.json": "npm",
};

/** By the nearest lock file: a part of a workspace has it further up. */
export function packageManagerOf(folder: string): PackageManager {
  const found = Object.entries(LOCK_FILES).find(([file]) => existsSync(join(folder, file)));
  if (found !== undefined) return found[1];
  const parent = dirname(folder);
  return parent === folder ? "npm" : packageManagerOf(parent);
}
