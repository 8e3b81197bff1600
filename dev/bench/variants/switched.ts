/**
 * One server that handles the requests of a turn in several ways, in random order: without authentication, or with the
 * plugin's middleware in one of three configurations, one of them under two names. The compared ways then share a
 * process, with its memory and compiled code, and the moment of measurement.
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
  // Several times per turn, because its code must run often enough for V8 to compile it; the other ways share theirs.
  // The last request of a turn counts.
  events,
  events,
  events,
];
const state = { way: "none", turns: [] as Record<string, number>[] };
/** Read by bench/probe.mjs and by bench/variants/callers/switched.ts. */
Object.assign(globalThis, { benchWays: state });

let turn: Record<string, number> = {};
let left: Way[] = [];

/** Requires one connection: then the measured time belongs to one request. */
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
