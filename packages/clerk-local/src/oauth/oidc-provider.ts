/**
 * oidc-provider, without the warning that it prints when it is imported on Node 20 or on a release that is not LTS. This
 * package supports Node 20.19 and is tested on it, so the warning asks developers for a change that they need not make.
 */
const UNSUPPORTED_RUNTIME = /oidc-provider WARNING: Unsupported runtime/;

// oidc-provider offers no option for it.

const { warn } = console;
console.warn = (...args: unknown[]) => {
  if (!args.some((arg) => typeof arg === "string" && UNSUPPORTED_RUNTIME.test(arg))) warn(...args);
};

export const { errors, interactionPolicy, Provider } = await import("oidc-provider").finally(() => {
  console.warn = warn;
});
