import type { Declaration, Declarations } from "../../access/catalogue.js";
import type { OperationKind } from "../../mcp/operations.js";
import { type Folder, registry } from "./registry.js";
import { isReact } from "./served-names.js";

/**
 * The tools, prompts and resources that xmcp serves, by their served names. `undefined` if there is no build of xmcp in this
 * process, `"unguarded"` if there is one without the guard.
 *
 * @throws {Error} if a file cannot be loaded.
 */
export async function declarations(): Promise<Declarations | "unguarded" | undefined> {
  // Inside a build, this loads the map of files.
  if (registry().tools === undefined) await import("./injected.js");
  const { tools, prompts, resources } = registry();
  if (tools === undefined) return isXmcpLoaded() ? "unguarded" : undefined;
  const [ofTools, ofPrompts, ofResources] = await Promise.all([
    declared("tools", tools),
    declared("prompts", prompts),
    declared("resources", resources),
  ]);
  return { tools: ofTools, prompts: ofPrompts, resources: ofResources };
}

/** Whether a guarded build of xmcp, or one without the guard, is in this process now. */
export function isDeclared(): boolean {
  return registry().tools !== undefined || isXmcpLoaded();
}

/** xmcp keeps what belongs to a request under such symbols, from its loading on. */
function isXmcpLoaded(): boolean {
  return Object.getOwnPropertySymbols(globalThis).some(({ description }) =>
    description?.startsWith("xmcp-context-"),
  );
}

async function declared(kind: OperationKind, folder: Folder | undefined): Promise<readonly Declaration[]> {
  const entries = await Promise.all((folder?.paths ?? []).map((path) => folder?.load(path)));
  return entries.flatMap((entry) => {
    if (entry === undefined) return [];
    if (entry.module.default === undefined) {
      console.warn(`[Clerk] ${entry.path} has no default export, so xmcp serves nothing from it.`);
      return [];
    }
    const { path, name, templateName, page, module } = entry;
    return [
      {
        path,
        name,
        templateName,
        page,
        access: module.access,
        isEnabled: module.metadata?.enabled !== false,
        reportsCalls: !(kind === "tools" && isReact(path)),
      },
    ];
  });
}
