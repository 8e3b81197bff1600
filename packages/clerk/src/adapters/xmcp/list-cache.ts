import { LRUCache } from "lru-cache";
import { currentContext } from "../../session/context.js";

type Handle = (request: Request) => Promise<Response>;

/** An answer around the id of its request. */
interface Remembered {
  readonly headers: readonly [string, string][];
  readonly before: string;
  readonly after: string;
}

const MAX_LISTS = 1_000;
const MAX_CHARACTERS = 8 * 1024 * 1024;

/** With the method and the address, the form of xmcp's answer depends on these. */
const NEGOTIATED = ["accept", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name", "origin"];

/**
 * Keeps xmcp's answers to lists, so that a list of many tools is made once for all callers with the same rights. What a tool
 * computes for its list, such as a default that is a function, is computed once too.
 */
export function listCache(): (request: Request, handle: Handle) => Promise<Response> {
  const answers = new LRUCache<string, Remembered>({
    max: MAX_LISTS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: ({ before, after }, key) => key.length + before.length + after.length,
  });
  return async (request, handle) => {
    const list = currentContext()?.mediation.list;
    if (list === undefined) return handle(request);
    const { method, url, headers: sent } = request;
    const key = [method, url, ...NEGOTIATED.map((name) => sent.get(name)), list.key].join("\n");
    const id = JSON.stringify(list.id);
    const known = answers.get(key);
    if (known !== undefined)
      return new Response(known.before + id + known.after, { headers: [...known.headers] });
    const response = await handle(request);
    if (response.status !== 200) return response;
    const { headers } = response;
    const text = withSchemesOfTools(await response.text());
    const around = aroundId(text, list.id);
    if (around !== undefined) answers.set(key, { headers: [...headers], ...around });
    return new Response(text, { headers });
  };
}

const JSON_LINE = /^(?:data: )?(\{.*\})$/s;

/** xmcp passes on only `_meta` of a tool, but newer hosts read `securitySchemes` of the tool itself. */
function withSchemesOfTools(text: string): string {
  if (!text.includes('"securitySchemes"')) return text;
  return text
    .split("\n")
    .map((line) => {
      const json = JSON_LINE.exec(line)?.[1];
      if (json === undefined) return line;
      const message = JSON.parse(json) as { result?: { tools?: ListedTool[] } };
      for (const tool of message.result?.tools ?? [])
        if (tool._meta?.securitySchemes !== undefined) tool.securitySchemes = tool._meta.securitySchemes;
      return line.replace(json, () => JSON.stringify(message));
    })
    .join("\n");
}

interface ListedTool {
  securitySchemes?: unknown;
  readonly _meta?: { readonly securitySchemes?: unknown };
}

/** Splits an answer at its id. `undefined` if it is not one message, as JSON or as an event. */
function aroundId(text: string, id: string | number): Pick<Remembered, "before" | "after"> | undefined {
  const [json, ...others] = text.split("\n").flatMap((line) => JSON_LINE.exec(line)?.[1] ?? []);
  if (json === undefined || others.length > 0) return undefined;
  const start = text.indexOf(json);
  const message = JSON.parse(json) as object;
  // An error may be over the next time.
  if (!("result" in message)) return undefined;
  const mark = crypto.randomUUID();
  const [before = "", after = ""] = JSON.stringify({ ...message, id: mark }).split(JSON.stringify(mark));
  const around = { before: text.slice(0, start) + before, after: after + text.slice(start + json.length) };
  return around.before + JSON.stringify(id) + around.after === text ? around : undefined;
}
