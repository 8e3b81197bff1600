import { Refusal } from "../errors/refusal.js";
import { askedBy } from "../mcp/asked.js";
import { LIST_METHODS } from "../mcp/lists.js";
import { methodsOf } from "../mcp/operations.js";
import type { PlainResponse } from "../request/request.js";
import type { Catalogue } from "./catalogue.js";
import type { Judged } from "./exposure.js";

/**
 * The response to a list of which the caller sees nothing, although the server has entries. The MCP SDK would not know the
 * method if nothing were registered.
 *
 * @returns `undefined` if the server can answer.
 * @throws {Refusal} `list_in_batch` for such a list in a batch.
 */
export function emptyListAnswer(judged: Judged, known: Catalogue): PlainResponse | undefined {
  const { body, isShown } = judged;
  if (isShown === undefined || body === undefined) return undefined;
  const methods = methodsOf(body);
  const hidden = LIST_METHODS.find(
    ({ method, kind }) => methods.includes(method) && has(known, kind) && !showsAny(judged, known, kind),
  );
  if (hidden === undefined) return undefined;
  if (Array.isArray(body))
    throw new Refusal("list_in_batch", { needs: [`a request of its own for ${hidden.method}`] });
  const asked = askedBy(body);
  if (asked === undefined) return undefined;
  const { id, isModern } = asked;
  const result = {
    [hidden.list]: [],
    ...(isModern && { resultType: "complete", ttlMs: 0, cacheScope: "private" }),
  };
  return {
    status: 200,
    headers: { "content-type": "application/json", "cache-control": "private, no-cache" },
    body: JSON.stringify({ jsonrpc: "2.0", id, result }),
  };
}

type Kind = (typeof LIST_METHODS)[number]["kind"];

function has({ declared, pages }: Catalogue, kind: Kind): boolean {
  return declared[kind].length > 0 || (kind === "resources" && pages.size > 0);
}

function showsAny({ isShown = () => true }: Judged, { declared, pages }: Catalogue, kind: Kind): boolean {
  if (declared[kind].some(({ name }) => isShown(kind, name))) return true;
  return (
    kind === "resources" &&
    [...pages].some(([page, { name }]) => isShown("resources", page) && isShown("tools", name))
  );
}
