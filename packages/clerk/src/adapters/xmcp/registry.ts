import type { OperationKind } from "../../mcp/operations.js";

/** The file of a tool, prompt or resource, as xmcp's compiler collects it. */
export interface FileModule {
  readonly default?: unknown;
  readonly metadata?:
    | {
        readonly name?: unknown;
        readonly mimeType?: unknown;
        readonly enabled?: unknown;
        readonly _meta?: { readonly ui?: unknown } | undefined;
      }
    | undefined;
  readonly schema?: unknown;
  readonly outputSchema?: unknown;
  readonly access?: unknown;
}

/** The files of one folder, by path. */
export type Files = Readonly<Record<string, () => Promise<FileModule>>>;

/** A file after loading, with the names by which xmcp serves it. */
export interface Entry {
  readonly path: string;
  readonly name: string;
  /** Name of a resource template. */
  readonly templateName: string | undefined;
  /** URI of the tool's page. */
  readonly page: string | undefined;
  /** The file with a guarded handler. */
  readonly module: FileModule;
}

/** The files of one kind. */
export interface Folder {
  readonly paths: readonly string[];
  load(path: string): Promise<Entry>;
}

const KEY = Symbol.for("@xmcp-dev/clerk/registry");
const shared = globalThis as typeof globalThis & { [KEY]?: Partial<Record<OperationKind, Folder>> };

/**
 * Every tool, prompt and resource of the xmcp build in this process. On `globalThis`: in an app of another framework,
 * xmcp's build and the protection have separate copies of this package.
 */
export function registry(): Partial<Record<OperationKind, Folder>> {
  shared[KEY] ??= {};
  return shared[KEY];
}
