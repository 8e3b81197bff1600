/**
 * One server that does each of several things about one request of every turn, in a random order: nothing, or our
 * middleware in one of three ways, one of them under two names. What is compared then shares a process – its memory, its
 * compiled code and its luck with both – and the moment.
 */
import { type AccessOptions, clerkProvider, type ExpressMiddleware } from "@xmcp-dev/clerk";

const scopes = ["profile", "email"];
const access: AccessOptions = {
  tools: {
    "g*": { callers: ["user"] },
    greet: { scopes: ["profile", "email"], callers: ["user"] },
    whoami: { scopes: ["profile"] },
    "get-*": { anyScope: ["email", "profile"] },
  },
  default: "deny",
};
type Way = readonly [name: string, middleware: ExpressMiddleware];

const nothing: Way = ["none", (_request, _response, next) => next()];
const rules = clerkProvider({ scopes, access, onEvent: false });
const events: Way = ["events", clerkProvider({ scopes, access })];
const ways: readonly Way[] = [
  nothing,
  ["seen", clerkProvider({ scopes, onEvent: false })],
  ["rules", rules],
  ["rules again", rules],
  // The others share their code; what only this one needs has to run about as often for V8 to compile it. The last of a turn counts.
  events,
  events,
  events,
];
const state = { way: "none", turns: [] as Record<string, number>[] };
/** Read by bench/probe.mjs and by bench/variants/callers/switched.ts. */
Object.assign(globalThis, { benchWays: state });

let turn: Record<string, number> = {};
let left: Way[] = [];

/** With one connection there is one request at a time, and the time is its own. */
const switched: ExpressMiddleware = (request, response, next) => {
  if (left.length === 0) {
    turn = {};
    left = [...ways];
  }
  const [name, middleware] = left.splice(Math.floor(Math.random() * left.length), 1)[0] ?? nothing;
  const [times, isLast] = [turn, left.length === 0];
  state.way = name;
  const started = performance.now();
  response.once("close", () =>
    setImmediate(() => {
      times[name] = performance.now() - started;
      if (isLast) state.turns.push(times);
    }),
  );
  middleware(request, response, next);
};

export default switched;
