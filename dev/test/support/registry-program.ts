/** Programs that are no dependencies of this repository, because of their size or the Node they need. */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./program.js";
import { ROOT } from "./template.js";

export interface RegistryProgram {
  readonly package: string;
  readonly version: string;
  readonly program: string;
}

/** Installs a package from the npm registry on first use. @returns the path of its program */
export async function installed({ package: name, version, program }: RegistryProgram): Promise<string> {
  const folder = join(ROOT, "node_modules/.cache", `${name.split("/").at(-1)}-${version}`);
  const path = join(folder, "node_modules/.bin", program);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  // Without its own package.json, npm would install into the repository.
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ private: true, allowScripts: { [name]: true } }),
  );
  const args = ["install", "--no-audit", "--no-fund", "--prefer-offline", `${name}@${version}`];
  const { code, output } = await run("npm", args, { cwd: folder });
  if (code !== 0) throw new Error(`${name}@${version} could not be installed.\n${output}`);
  return path;
}
