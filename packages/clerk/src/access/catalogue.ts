import type { OperationKind } from "../mcp/operations.js";
import { templatePattern } from "./rule-table.js";

/** A tool, prompt or resource of the server. */
export interface Declaration {
  /** Its file, which identifies it in the build. */
  readonly path: string;
  /** Name of a tool or prompt; URI or URI template of a resource. */
  readonly name: string;
  /** Name of a resource template, by which the MCP SDK tells templates apart. */
  readonly templateName?: string | undefined;
  /** URI of the page of a tool, which is a resource that runs the tool. */
  readonly page?: string | undefined;
  /** Whether calls of the tool reach its handler, which then reports how they end. Default: true. */
  readonly reportsCalls?: boolean;
  /** Whether xmcp serves it (`metadata.enabled`, xmcp 1.4 and later; here with every version). Default: true. */
  readonly isEnabled?: boolean;
  /** The `access` export of its file. */
  readonly access: unknown;
}

/** Everything that the server serves. */
export type Declarations = Readonly<Record<OperationKind, readonly Declaration[]>>;

/** The server's tools, prompts and resources, indexed for requests. */
export interface Catalogue {
  readonly declared: Declarations;
  readonly tools: ReadonlyMap<string, Declaration>;
  readonly prompts: ReadonlyMap<string, Declaration>;
  /** The tool of each page, by URI. */
  readonly pages: ReadonlyMap<string, Declaration>;
  /**
   * One file per kind, so that the server has the capability for the kind, and reports an unknown name as the MCP SDK
   * does. For tools it is one without a page, since that would be a resource.
   */
  readonly witness: Readonly<Record<OperationKind, readonly string[]>>;
}

export function catalogue(declared: Declarations): Catalogue {
  const { tools, prompts, resources } = declared;
  return {
    declared,
    tools: byName(tools),
    prompts: byName(prompts),
    pages: new Map(tools.flatMap((tool) => (tool.page === undefined ? [] : [[tool.page, tool] as const]))),
    witness: {
      tools: first(tools.filter(({ page }) => page === undefined)),
      prompts: first(prompts),
      resources: first(resources),
    },
  };
}

/** The resources that can answer for a URI: the one of that URI, otherwise every template that matches. */
export function answeringFor(known: Catalogue, uri: string): readonly Declaration[] {
  const candidates = resourcesFor(known, uri);
  const own = candidates.filter(({ name }) => name === uri);
  return own.length > 0 ? own : candidates;
}

/** The resource of a URI, and every template that matches it. */
export function resourcesFor({ declared }: Catalogue, uri: string): readonly Declaration[] {
  return declared.resources.filter(({ name }) => isNamedBy(name, uri));
}

/** Whether a resource's URI or URI template names this URI. */
export function isNamedBy(name: string, uri: string): boolean {
  return name === uri || templatePattern(name)?.test(uri) === true;
}

function byName(declarations: readonly Declaration[]): ReadonlyMap<string, Declaration> {
  return new Map(declarations.map((declaration) => [declaration.name, declaration]));
}

function first(declarations: readonly Declaration[]): readonly string[] {
  return declarations.slice(0, 1).map(({ path }) => path);
}
