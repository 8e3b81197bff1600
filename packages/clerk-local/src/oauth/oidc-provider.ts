/**
 * oidc-provider, without its warning about Node 20. It prints that warning each time it is imported, to a developer who has
 * no choice in the matter: this package supports Node 20.19, and its tests run on it.
 */
const UNSUPPORTED_RUNTIME = /Unsupported runtime/;

const { warn } = console;
console.warn = (...args: unknown[]) => {
  if (!args.some((arg) => typeof arg === "string" && UNSUPPORTED_RUNTIME.test(arg))) warn(...args);
};

export const { errors, interactionPolicy, Provider } = await import("oidc-provider").finally(() => {
  console.warn = warn;
});
