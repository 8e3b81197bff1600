import { Refusal } from "../errors/refusal.js";
import { type IsShown, LIST_METHODS } from "../mcp/lists.js";
import {
  type JsonRpcMessage,
  messagesOf,
  type Operation,
  type OperationKind,
  operationsOf,
} from "../mcp/operations.js";
import type { Discovery, ListPolicy } from "../options/access-rules.js";
import { answeringFor, type Catalogue } from "./catalogue.js";
import type { Policy } from "./policy.js";
import { isPublic, maySignInOpen } from "./rules.js";

/** Everything that is open to callers without a credential. */
export interface Openness {
  readonly policy: Policy;
  readonly known: Catalogue | undefined;
  readonly discovery: Discovery;
}

/** Methods that use a tool, prompt or resource, and answer at once. A subscription would be a stranger's open stream. */
const USING: ReadonlySet<unknown> = new Set([
  "tools/call",
  "prompts/get",
  "resources/read",
  "completion/complete",
]);
const READING_LISTS = [...LIST_METHODS.map(({ method }) => method), "ping"];
const CONNECTING = ["initialize", "server/discover", "notifications/initialized"];

const OPEN: Readonly<Record<Discovery, ReadonlySet<unknown>>> = {
  "signed-in": new Set(),
  lists: new Set(READING_LISTS),
  everyone: new Set([...READING_LISTS, ...CONNECTING]),
};

/** Whether any request is answered without a credential. If not, a stranger's body is not even read. */
export function isOpenToAnonymous(
  { hasPublicRules }: Pick<Policy, "hasPublicRules">,
  discovery: Discovery,
): boolean {
  return hasPublicRules || discovery !== "signed-in";
}

/** Most messages of a batch without a credential. */
const MAX_MESSAGES = 10;

/**
 * Refuses unless every message of the body may be answered without a credential. A method that is not known to be open is
 * closed.
 *
 * @throws {Refusal} `credential_missing`
 */
export function authorizeAnonymous(body: object | undefined, openness: Openness): void {
  const messages = messagesOf(body);
  const isBounded = messages.length > 0 && messages.length <= MAX_MESSAGES;
  if (!isBounded || !messages.every((message) => isOpen(message, openness)))
    throw new Refusal("credential_missing");
}

function isOpen(message: unknown, { policy, known, discovery }: Openness): boolean {
  const { method } = (message ?? {}) as JsonRpcMessage;
  if (OPEN[discovery].has(method)) return true;
  if (!USING.has(method)) return false;
  const operations = operationsOf(message, (uri) => known?.pages.get(uri)?.name);
  return operations.length > 0 && operations.every((operation) => isPublicUse(operation, policy, known));
}

/** A URI is public only if everything that may answer it is. */
function isPublicUse({ kind, name }: Operation, { tables }: Policy, known: Catalogue | undefined): boolean {
  if (!isPublic(tables[kind], name)) return false;
  if (kind !== "resources" || known === undefined) return true;
  return answeringFor(known, name).every((resource) => isPublic(tables.resources, resource.name));
}

/** Which entries of a list a caller without a credential sees. `undefined`: all. */
export function isShownToAnonymous({ tables }: Policy, lists: ListPolicy = "allowed"): IsShown | undefined {
  if (lists === "all") return undefined;
  const test = lists === "allowed" ? isPublic : maySignInOpen;
  return (kind: OperationKind, name: string) => test(tables[kind], name);
}
