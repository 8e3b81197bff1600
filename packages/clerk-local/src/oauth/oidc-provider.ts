/**
 * Exports oidc-provider without the warning that it prints on Node 20 and on releases that are not LTS. This package
 * supports Node 20.19 and is tested on it, so the warning does not apply.
 */
const UNSUPPORTED_RUNTIME = /oidc-provider WARNING: Unsupported runtime/;

// oidc-provider has no option to turn the warning off.

const { warn } = console;
console.warn = (...args: unknown[]) => {
  if (!args.some((arg) => typeof arg === "string" && UNSUPPORTED_RUNTIME.test(arg))) warn(...args);
};

export const { errors, interactionPolicy, Provider } = await import("oidc-provider").finally(() => {
  console.warn = warn;
});
