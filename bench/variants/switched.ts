/**
 * One server that changes, when it is told to, what it does about a request: nothing, or our middleware in one of three
 * ways. What is compared then shares a process – its memory, its compiled code and its luck with both.
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

const ways: Readonly<Record<string, ExpressMiddleware>> = {
  none: (_request, _response, next) => next(),
  seen: clerkProvider({ scopes, onEvent: false }),
  rules: clerkProvider({ scopes, access, onEvent: false }),
  events: clerkProvider({ scopes, access }),
};
const state = { way: "none", requests: 0 };
/** Set and read by bench/probe.mjs, and read by bench/variants/callers/switched.ts. */
Object.assign(globalThis, { benchWay: state });

const switched: ExpressMiddleware = (request, response, next) => {
  state.requests += 1;
  ways[state.way]?.(request, response, next);
};

export default switched;
