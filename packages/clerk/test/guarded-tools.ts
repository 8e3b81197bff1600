/** Tools behind the guard, run as xmcp runs them: the map of files is read within each request. */
import type { ExpressRequest } from "@xmcp-dev/clerk";
import { guarded } from "../src/adapters/xmcp/guard.js";
import { type Files, registry } from "../src/adapters/xmcp/registry.js";
import { onServersClosed } from "./protected-server.js";

type Handler = (args: unknown, extra: { readonly requestId: unknown }) => unknown;

interface Call {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: { readonly name?: unknown; readonly arguments?: unknown };
}

/** @returns a function that answers the calls in a request's body, as the MCP SDK would. */
export function guardedTools(
  handlers: Readonly<Record<string, Handler>>,
): (request: ExpressRequest) => Promise<unknown> {
  const files = guarded(
    "tools",
    Object.fromEntries(
      Object.entries(handlers).map(([name, handler]) => [
        `src/tools/${name}.ts`,
        async () => ({ default: handler, metadata: { name } }),
      ]),
    ),
  );
  // Test files share a process.
  onServersClosed(() => {
    delete registry().tools;
  });
  return async ({ body }) => {
    const isBatch = Array.isArray(body);
    const answers = await Promise.all(([body].flat() as Call[]).map((call) => answer(files, call)));
    return isBatch ? answers : answers[0];
  };
}

/** Declares tools that do nothing, so that rules can name them. */
export function declareTools(...names: readonly string[]): void {
  guardedTools(Object.fromEntries(names.map((name) => [name, () => ({ content: [] })])));
}

async function answer(files: Files, { id, params }: Call): Promise<object> {
  // One by one, as each request of xmcp does.
  for (const load of Object.values(files)) {
    const { metadata, default: handler } = await load();
    if (metadata?.name !== params?.name) continue;
    try {
      const result = await (handler as Handler)(params?.arguments, { requestId: id });
      return { jsonrpc: "2.0", id, result };
    } catch (error) {
      const content = [{ type: "text", text: (error as Error).message }];
      return { jsonrpc: "2.0", id, result: { content, isError: true } };
    }
  }
  return { jsonrpc: "2.0", id, error: { code: -32602, message: "Unknown tool" } };
}
