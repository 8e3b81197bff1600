/** The packages that a project gets: by version, or as tarballs. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CannotAdd } from "./project.js";

/** Where `package.json` names each package. */
export const PACKAGES = {
  "@xmcp-dev/clerk": "dependencies",
  "@xmcp-dev/clerk-local": "devDependencies",
} as const;

/** A package as `npm pack` makes it. The project keeps it, so that it needs no registry to have the package. */
export interface Tarball {
  readonly name: string;
  /** Its place in the project. */
  readonly file: string;
  readonly content: Uint8Array;
}

/** @throws {CannotAdd} if the folder does not have both, in the version of this package */
export function tarballsIn(folder: string): readonly Tarball[] {
  return Object.keys(PACKAGES).map((name) => {
    const file = `${name.slice(1).replace("/", "-")}-${ownVersion()}.tgz`;
    const path = join(folder, file);
    if (!existsSync(path)) throw new CannotAdd(`There is no ${path}. Nothing was changed.`);
    return { name, file: `vendor/${file}`, content: readFileSync(path) };
  });
}

/** What `package.json` says of a package: its tarball if there is one, else a range of versions. */
export function specifierOf(name: string, tarballs: readonly Tarball[]): string {
  const tarball = tarballs.find((candidate) => candidate.name === name);
  return tarball === undefined ? `^${ownVersion()}` : `file:${tarball.file}`;
}

/** Both packages are released together, under one version. */
function ownVersion(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
