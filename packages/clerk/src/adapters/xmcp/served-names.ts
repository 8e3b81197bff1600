import type { FileModule } from "./registry.js";

/** The name of a tool or prompt: in its metadata, else the name of its file. */
export function nameOf(path: string, { metadata }: FileModule): string {
  const { name } = metadata ?? {};
  return typeof name === "string" ? name : (path.split("/").pop() ?? path).replace(/\.[^/.]+$/, "");
}

/** xmcp serves a page of a React tool, and of a tool with `_meta.ui`. */
export function pageOf(path: string, name: string, { metadata }: FileModule): string | undefined {
  const meta = metadata?._meta ?? {};
  // `null` counts, for xmcp too.
  const hasPage = isReact(path) || ("ui" in meta && typeof meta.ui === "object");
  return hasPage ? `ui://app/${name}.html` : undefined;
}

/** A call of a React tool is answered by xmcp itself. Its handler makes the page. */
export function isReact(path: string): boolean {
  return path.endsWith(".tsx");
}

/**
 * The URI of a resource: `src/resources/(docs)/[id]/index.ts` is `docs://{id}`, since a group is the scheme and brackets are
 * variables. HTML is served with the extension `.html`.
 */
export function uriOf(path: string, { metadata }: FileModule): string {
  const parts = path.split("/").filter((part) => part !== "");
  const group = parts.findIndex((part) => /^\(.+\)$/.test(part));
  const scheme = parts[group]?.slice(1, -1) ?? "";
  const segments = parts.slice(group + 1);
  const file = segments.pop()?.split(".")[0] ?? "";
  if (file !== "index") segments.push(file);
  const uri = `${scheme}://${segments.map((part) => part.replace(/^\[(.+)\]$/, "{$1}")).join("/")}`;
  const { mimeType } = metadata ?? {};
  const isHtml = typeof mimeType === "string" && mimeType.includes("html");
  return isHtml && !uri.endsWith(".html") ? `${uri}.html` : uri;
}
