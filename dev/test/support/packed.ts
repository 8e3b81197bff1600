import { join } from "node:path";
import { run } from "./program.js";
import { ROOT } from "./template.js";

export interface Packed {
  /** Path of the tarball. */
  readonly file: string;
  /** Paths of the files in it. */
  readonly contents: readonly string[];
}

/** The tarball of a package of this repository, as npm would publish it. */
export async function packed(name: string, folder: string): Promise<Packed> {
  const cwd = join(ROOT, "packages", name);
  const { code, stdout, output } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd,
  });
  if (code !== 0) throw new Error(`${name} cannot be packed.\n${output}`);
  // The output may begin with that of `prepack`.
  const [report] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as [
    { filename: string; files: { path: string }[] },
  ];
  return {
    file: join(folder, report.filename.replace("@", "").replace("/", "-")),
    contents: report.files.map(({ path }) => path),
  };
}
