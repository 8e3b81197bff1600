/**
 * A loader of the bundler for xmcp's runtime files: `Error` in them is that of stackless-error.ts. Imported by its path, which a
 * package manager may hide from xmcp.
 */
export default function useStacklessError(this: { readonly resourcePath: string }, source: string): string {
  const path = JSON.stringify(import.meta.filename.replace(/-loader\.js$/, ".js"));
  const isModule = this.resourcePath.endsWith("cloudflare-worker.js");
  return isModule
    ? `import { StacklessError as Error } from ${path};\n${source}`
    : `var Error = require(${path}).StacklessError;\n${source}`;
}
