import { cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { edit, emptyFolder, ROOT } from "../support/template.js";
import { trackedFiles } from "./tracked-files.js";

/** A copy of this repository as a user gets it, with another name, in a folder with a space in its name. */
export async function freshCopy(): Promise<string> {
  const folder = join(await emptyFolder(), "my server");
  for (const file of await trackedFiles()) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(ROOT, file), join(folder, file));
  }
  await edit(join(folder, "package.json"), '"name": "xmcp-clerk-template"', '"name": "my-server"');
  return folder;
}
