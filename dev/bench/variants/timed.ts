/**
 * The plugin's middleware, timed from the arrival of a request until it is passed on to the tools. BENCH_RULES sets the
 * number of access rules.
 */
import { type AccessRules, clerkProvider, type ExpressMiddleware } from "@xmcp-dev/clerk";

const count = Number(process.env.BENCH_RULES ?? 0);
const numbered: AccessRules = Object.fromEntries(
  Array.from({ length: count }, (_, index) => [
    // Half of them are patterns of several lengths.
    index % 2 === 0 ? `tool-${index}` : `${"tool".repeat(1 + (index % 7))}-${index}-*`,
    { scopes: ["email"] },
  ]),
);

const protect = clerkProvider({
  scopes: ["profile", "email"],
  onEvent: false,
  ...(count > 0 && {
    access: { tools: { ...numbered, greet: { scopes: ["profile"] } }, unknownNames: "ignore" },
  }),
});

/** Read and emptied by bench/probe.mjs. */
const durations: number[] = [];
Object.assign(globalThis, { benchDurations: durations });

const timed: ExpressMiddleware = (request, response, next) => {
  const started = performance.now();
  protect(request, response, (error) => {
    durations.push(performance.now() - started);
    next(error);
  });
};

export default timed;
