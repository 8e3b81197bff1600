import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { ROOT } from "./tarballs.mjs";

const GITHUB = /github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?$/;

/**
 * Where the folder `docs` of this repository is read: on GitHub if this is a clone from there, else here.
 *
 * @param {string} reader the folder whose pages link to it
 */
export function documentation(reader) {
  const [, repository] = GITHUB.exec(origin()) ?? [];
  if (repository !== undefined) return `https://github.com/${repository}/blob/HEAD/docs`;
  return encodeURI(relative(reader, join(ROOT, "docs")).replaceAll(sep, "/"));
}

function origin() {
  // Without a .git of its own, the folder belongs to another repository.
  if (!existsSync(join(ROOT, ".git"))) return "";
  const { stdout } = spawnSync("git", ["config", "--get", "remote.origin.url"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return stdout?.trim() ?? "";
}
