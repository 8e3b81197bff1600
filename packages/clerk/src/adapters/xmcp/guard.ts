import type { HandlerOutcome, Mediation } from "../../mcp/mediation.js";
import type { OperationKind } from "../../mcp/operations.js";
import { AccessDenied, isAccessDenied } from "../../session/access-denied.js";
import { isConnectionRequired } from "../../session/connection-required.js";
import { currentContext, isDecided } from "../../session/context.js";
import { askedInstead } from "./asked-instead.js";
import { reportFailure } from "./handler-failure.js";
import { withKnownSchemas } from "./known-schema.js";
import { type Entry, type FileModule, type Files, registry } from "./registry.js";
import { nameOf, pageOf, uriOf } from "./served-names.js";
import { declareServerInfo } from "./server-info.js";
import { INSTALL_TESTED } from "./tested-version.js";

declareServerInfo();

type Handler = (...args: unknown[]) => unknown;

/**
 * Replaces xmcp's map of files (import-map-loader.ts). xmcp reads the map again within each request, and registers what it
 * finds for that request alone. So a request gets only the files that it was judged for, and outside a judged request
 * there are none.
 */
export function guarded(kind: OperationKind, files: Files): Files {
  const paths = Object.keys(files);
  const entries = new Map<string, Promise<Entry>>();
  const load = (path: string): Promise<Entry> => {
    const known = entries.get(path);
    if (known !== undefined) return known;
    const entry = loaded(kind, path, files);
    entries.set(path, entry);
    entry.catch(() => entries.delete(path));
    return entry;
  };
  registry()[kind] = { paths, load };
  const withSchemes = kind === "tools" ? addingSchemes() : ({ module }: Entry) => module;
  const descriptors = new Map<PropertyKey, PropertyDescriptor>(
    paths.map((path) => [
      path,
      { value: async () => withSchemes(await load(path)), enumerable: true, configurable: true },
    ]),
  );
  let isWarned = false;
  // The target is empty: a proxy must report every key of its target, which would cost time for each file.
  return new Proxy<Files>(
    {},
    {
      ownKeys: () => {
        // xmcp reads all kinds together.
        if (kind === "tools" && !isWarned && !isDecided()) {
          isWarned = true;
          console.error(READ_OUTSIDE);
        }
        return [...(mediation()?.paths(kind) ?? [])];
      },
      getOwnPropertyDescriptor: (_target, path) => descriptors.get(path),
      get: (_target, path) => descriptors.get(path)?.value,
      has: (_target, path) => descriptors.has(path),
    },
  );
}

/** Adds how a tool is called to its metadata. xmcp passes `_meta` on unchanged. */
function addingSchemes(): (entry: Entry) => FileModule {
  const added = new WeakMap<object, FileModule>();
  return ({ name, module }) => {
    const securitySchemes = mediation()?.schemesOf(name);
    if (securitySchemes === undefined) return module;
    const known = added.get(securitySchemes);
    if (known !== undefined) return known;
    const { metadata } = module;
    const _meta = { securitySchemes, ...metadata?._meta };
    const extended = { ...module, metadata: { ...metadata, _meta } };
    added.set(securitySchemes, extended);
    return extended;
  };
}

async function loaded(kind: OperationKind, path: string, files: Files): Promise<Entry> {
  return entryOf(kind, path, (await files[path]?.()) ?? {});
}

const READ_OUTSIDE =
  "[Clerk] xmcp looked for its tools outside of a checked request, so it found none. If every call is answered with an unknown " +
  `tool, this version of xmcp does not work with the plugin. ${INSTALL_TESTED}`;

function mediation(): Mediation | undefined {
  return currentContext()?.mediation;
}

function entryOf(kind: OperationKind, path: string, module: FileModule): Entry {
  const name = kind === "resources" ? uriOf(path, module) : nameOf(path, module);
  const page = kind === "tools" ? pageOf(path, name, module) : undefined;
  const isTemplate = kind === "resources" && name.includes("{");
  const guardedModule = withGuard(kind, name, path, module);
  const outputFailed = (error: unknown) => {
    mediation()?.failed(name);
    reportFailure(path, error);
  };
  return {
    path,
    name,
    templateName: isTemplate ? nameOf(path, module) : undefined,
    page,
    module: kind === "tools" ? withKnownSchemas(guardedModule, outputFailed) : guardedModule,
  };
}

/** The module with a handler that runs only in a request that was judged for it. */
function withGuard(kind: OperationKind, name: string, path: string, module: FileModule): FileModule {
  const { default: handler } = module;
  if (typeof handler !== "function") return module;
  const apply = (target: Handler, self: unknown, args: unknown[]): unknown => {
    const current = mediation();
    if (current === undefined || !current.mayRun(kind, name)) throw new AccessDenied();
    const { question = () => undefined } = currentContext() ?? {};
    const asks = (error: unknown) => askedInstead(error, question);
    const ended = kind === "tools" ? current.began(name, requestId(args[1])) : () => {};
    const failed = (error: unknown): unknown => {
      const isExpected = isAccessDenied(error) || isConnectionRequired(error);
      ended(isExpected ? "denied" : "error");
      if (!isConnectionRequired(error)) reportFailure(path, error);
      return asks(error);
    };
    try {
      const result = Reflect.apply(target, self, args);
      if (!isPromise(result)) {
        ended(outcomeOf(result));
        return result;
      }
      return result.then((value) => {
        ended(outcomeOf(value));
        return value;
      }, failed);
    } catch (error) {
      return failed(error);
    }
  };
  return { ...module, default: new Proxy(handler as Handler, { apply }) };
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

function outcomeOf(result: unknown): HandlerOutcome {
  return (result as { isError?: unknown } | null | undefined)?.isError === true ? "error" : "ok";
}

/** The JSON-RPC id in the `extra` argument of a tool (MCP SDK v1, v2). */
function requestId(extra: unknown): unknown {
  const { requestId: id, mcpReq } = (extra ?? {}) as { requestId?: unknown; mcpReq?: { id?: unknown } };
  return id ?? mcpReq?.id;
}
