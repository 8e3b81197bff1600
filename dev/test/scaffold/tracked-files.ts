import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { run } from "../support/program.js";
import { ROOT } from "../support/template.js";

/** Files from an installation, a build or a developer; see .gitignore. */
const LEFT_BEHIND =
  /^(node_modules|dist|\.git|\.xmcp|\.vercel|\.clerk-local|\.env(?!\.example).*|.*\.log|.*\.tsbuildinfo|xmcp-env\.d\.ts)$/;

/** The files of a clone of this repository, or of an app scaffolded from it. */
export async function trackedFiles(): Promise<string[]> {
  const { code, stdout } = await run("git", ["ls-files", "-z"], { cwd: ROOT }).catch(() => ({
    code: 1,
    stdout: "",
  }));
  const tracked = stdout.split("\0").filter(Boolean);
  return code === 0 && tracked.length > 0 ? tracked : filesBelow(ROOT);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const kept = entries.filter(({ name }) => !LEFT_BEHIND.test(name));
  const files = await Promise.all(
    kept.map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [relative(ROOT, path)];
    }),
  );
  return files.flat();
}
