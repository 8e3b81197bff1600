import type { OperationKind } from "../../mcp/operations.js";
import { INSTALL_TESTED } from "./tested-version.js";

const KINDS: readonly OperationKind[] = ["tools", "prompts", "resources"];

/** Files that this process has put the guard into; the bundler plugin checks it. */
const GUARDED = Symbol.for("@xmcp-dev/clerk/guarded-import-maps");

/**
 * A loader of the bundler for `.xmcp/import-map.js`, in which xmcp's compiler collects the files of the project. Puts the
 * guard between them and xmcp.
 *
 * @throws {Error} which fails the build, if the file is not as expected.
 */
export default function guardImportMap(this: { readonly resourcePath: string }, source: string): string {
  let guarded = source;
  for (const kind of KINDS) {
    const declaration = `export const ${kind} = {`;
    if (!source.includes(declaration))
      throw new Error(
        `[Clerk] ${this.resourcePath} does not declare ${kind} as this version expects, so access rules would not apply. ` +
          INSTALL_TESTED,
      );
    guarded = guarded.replace(declaration, `const ${kind}Files = {`);
  }
  markGuarded();
  return [
    'import { guarded } from "@xmcp-dev/clerk/guard";',
    guarded,
    ...KINDS.map((kind) => `export const ${kind} = guarded("${kind}", ${kind}Files);`),
  ].join("\n");
}

function markGuarded(): void {
  (globalThis as { [GUARDED]?: boolean })[GUARDED] = true;
}
