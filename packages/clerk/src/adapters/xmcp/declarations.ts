import type { Declaration, Declarations } from "../../access/compile.js";
import type { Access } from "../../options/access-rules.js";
import type * as injected from "./injected.js";

/** The files of one folder, by path, as xmcp's compiler collects them. */
type Modules = Readonly<Record<string, () => Promise<FileModule>>>;

interface FileModule {
  readonly default?: unknown;
  readonly metadata?: { readonly name?: unknown } | undefined;
  readonly access?: Access | undefined;
}

/**
 * The tools, prompts and resources that xmcp serves, by their served names. `undefined` if no build of xmcp has
 * declared them.
 */
export async function declarations(): Promise<Declarations | undefined> {
  const injected = await import("./injected.js");
  const files = injected.tools === undefined ? declaredGlobally() : injected;
  if (files?.tools === undefined) return undefined;
  const [tools, prompts, resources] = await Promise.all([
    loaded(files.tools, nameOf),
    loaded(files.prompts ?? {}, nameOf),
    loaded(files.resources ?? {}, uriOf),
  ]);
  const pages = tools.map(({ name }) => ({ name: `ui://app/${name}.html`, access: undefined }));
  return { tools, prompts, resources: [...resources, ...pages] };
}

async function loaded(
  modules: Modules,
  name: (path: string, module: FileModule) => string,
): Promise<readonly Declaration[]> {
  return Promise.all(
    Object.entries(modules).map(async ([path, load]) => {
      const module = await load();
      return { name: name(path, module), access: module.access };
    }),
  );
}

/** The name in the metadata of a tool or prompt, else the name of its file. */
function nameOf(path: string, { metadata }: FileModule): string {
  const { name } = metadata ?? {};
  return typeof name === "string" ? name : (path.split("/").pop() ?? path).replace(/\.[^/.]+$/, "");
}

/** `src/resources/(docs)/[id]/index.ts` is `docs://{id}`: a group is the scheme, brackets are variables. */
function uriOf(path: string): string {
  const parts = path.split("/").filter((part) => part !== "");
  const group = parts.findIndex((part) => /^\(.+\)$/.test(part));
  const scheme = parts[group]?.slice(1, -1) ?? "";
  const segments = parts.slice(group + 1);
  const file = segments.pop()?.split(".")[0] ?? "";
  if (file !== "index") segments.push(file);
  return `${scheme}://${segments.map((part) => part.replace(/^\[(.+)\]$/, "{$1}")).join("/")}`;
}

type Injected = Pick<typeof injected, "tools" | "prompts" | "resources">;

const KEY = Symbol.for("@xmcp-dev/clerk/declared");
const shared = globalThis as typeof globalThis & { [KEY]?: Injected };

/**
 * On `globalThis`: in an app of another framework, xmcp's build and the protection have separate copies of this
 * package.
 */
export function declareGlobally(declared: Injected): void {
  shared[KEY] = declared;
}

/** The declarations of an xmcp build in this process, if any. */
export function declaredGlobally(): Injected | undefined {
  return shared[KEY];
}

/** The default export of `src/middleware.ts`: one middleware, or a list. */
export async function injectedMiddleware(): Promise<readonly unknown[]> {
  const { middleware } = await import("./injected.js");
  const module = await middleware?.();
  return [module?.default].flat();
}

export const UNPROTECTED =
  "There is no middleware, so the server would let everybody in. src/middleware.ts needs a default export: " +
  "export default clerkProvider();";
