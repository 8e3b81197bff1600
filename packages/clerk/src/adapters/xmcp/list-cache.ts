import { LRUCache } from "lru-cache";
import { currentContext } from "../../session/context.js";

type Handle = (request: Request) => Promise<Response>;

/** An answer around the id of its request. */
interface Remembered {
  readonly headers: readonly [string, string][];
  readonly before: string;
  readonly after: string;
}

const MAX_CHARACTERS = 8 * 1024 * 1024;

/** With the method and the address, the form of xmcp's answer depends on these. */
const NEGOTIATED = ["accept", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name", "origin"];

/**
 * Gives xmcp's own answer to a list again where nothing on which it depends has changed, so that a list of many tools is not
 * made for each caller.
 */
export function listCache(): (request: Request, handle: Handle) => Promise<Response> {
  const answers = new LRUCache<string, Remembered>({
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
    const text = await response.text();
    const around = aroundId(text, list.id);
    if (around !== undefined) answers.set(key, { headers: [...headers], ...around });
    return new Response(text, { headers });
  };
}

/** Splits an answer at its id. `undefined` if it is not one message, as JSON or as an event. */
function aroundId(text: string, id: string | number): Pick<Remembered, "before" | "after"> | undefined {
  const [json, ...others] = text
    .split("\n")
    .flatMap((line) => /^(?:data: )?(\{.*\})$/s.exec(line)?.[1] ?? []);
  if (json === undefined || others.length > 0) return undefined;
  const start = text.indexOf(json);
  const mark = crypto.randomUUID();
  const message = JSON.stringify({ ...(JSON.parse(json) as object), id: mark });
  const [before = "", after = ""] = message.split(JSON.stringify(mark));
  const around = { before: text.slice(0, start) + before, after: after + text.slice(start + json.length) };
  return around.before + JSON.stringify(id) + around.after === text ? around : undefined;
}
