/**
 * One server that draws, for each request, what it does about it: nothing, or our middleware in one of three ways. What is
 * compared then shares a process – its memory, its compiled code and its luck with both – and the minute.
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

const ways: readonly (readonly [name: string, ExpressMiddleware])[] = [
  ["none", (_request, _response, next) => next()],
  ["seen", clerkProvider({ scopes, onEvent: false })],
  ["rules", clerkProvider({ scopes, access, onEvent: false })],
  ["events", clerkProvider({ scopes, access })],
];
const state = { way: "none", times: {} as Record<string, number[]> };
/** Read by bench/probe.mjs and by bench/variants/callers/switched.ts. */
Object.assign(globalThis, { benchWays: state });

/** With one connection there is one request at a time, and the time is its own. */
const switched: ExpressMiddleware = (request, response, next) => {
  const [name, middleware] = ways[Math.floor(Math.random() * ways.length)] ?? ways[0];
  state.way = name;
  state.times[name] ??= [];
  const times = state.times[name];
  const started = performance.now();
  response.once("close", () => setImmediate(() => times.push(performance.now() - started)));
  middleware(request, response, next);
};

export default switched;
