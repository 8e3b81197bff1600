/**
 * One server that draws, for every eight requests, what it does about them: nothing, or our middleware in one of three
 * ways, one of them under two names. What is compared then shares a process – its memory, its compiled code and its luck
 * with both – and the minute; and each way finds its own code in the processor's caches, as in a server of its own.
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
const IN_A_ROW = 8;

type Way = readonly [name: string, middleware: ExpressMiddleware];

const nothing: Way = ["none", (_request, _response, next) => next()];
const rules = clerkProvider({ scopes, access, onEvent: false });
const ways: readonly Way[] = [
  nothing,
  ["seen", clerkProvider({ scopes, onEvent: false })],
  ["rules", rules],
  ["rules again", rules],
  ["events", clerkProvider({ scopes, access })],
];
const state = { way: "none", times: {} as Record<string, number[]> };
/** Read by bench/probe.mjs and by bench/variants/callers/switched.ts. */
Object.assign(globalThis, { benchWays: state });

let way = nothing;
let left = 0;

/** With one connection there is one request at a time, and the time is its own. */
const switched: ExpressMiddleware = (request, response, next) => {
  if (left === 0) {
    way = ways[Math.floor(Math.random() * ways.length)] ?? nothing;
    left = IN_A_ROW;
  }
  left -= 1;
  const [name, middleware] = way;
  state.way = name;
  state.times[name] ??= [];
  const times = state.times[name];
  const started = performance.now();
  response.once("close", () => setImmediate(() => times.push(performance.now() - started)));
  middleware(request, response, next);
};

export default switched;
