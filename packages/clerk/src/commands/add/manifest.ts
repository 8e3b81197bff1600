import { readFileSync } from "node:fs";
import type { Change } from "./changes.js";
import type { Manifest, Project } from "./project.js";

const FILE = "package.json";

/** Its state lies where git, and whoever cleans up, expects nothing of value. */
const DEV_LOCAL = "clerk-local --port 4400 --state node_modules/.clerk-local -- xmcp dev";

/** `package.json`: the plugin, the stand-in for development, and a script that starts with it. */
export function dependencies(project: Project): Change | undefined {
  const text = project.read(FILE) ?? "";
  const manifest = structuredClone(project.manifest);
  const range = `^${ownVersion()}`;
  declare(manifest, "dependencies", "@xmcp-dev/clerk", range);
  declare(manifest, "devDependencies", "@xmcp-dev/clerk-local", range);
  manifest.scripts = { ...manifest.scripts };
  manifest.scripts["dev:local"] ??= DEV_LOCAL;
  if (JSON.stringify(manifest) === JSON.stringify(project.manifest)) return undefined;
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  const end = text.endsWith("\n") ? "\n" : "";
  return {
    file: FILE,
    content: JSON.stringify(manifest, null, indent) + end,
    does: "depends on @xmcp-dev/clerk; dev:local runs without a Clerk account",
  };
}

/** In alphabetical order, as every package manager writes it. */
function declare(
  manifest: Manifest,
  kind: "dependencies" | "devDependencies",
  name: string,
  range: string,
): void {
  if (manifest.dependencies?.[name] ?? manifest.devDependencies?.[name]) return;
  const all = Object.entries({ ...manifest[kind], [name]: range });
  manifest[kind] = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The two packages are released together, under one version. */
function ownVersion(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
