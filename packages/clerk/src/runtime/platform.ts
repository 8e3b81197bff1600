/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export function processEnvironment(): Environment {
  return typeof process === "undefined" ? {} : process.env;
}

/** A variable's value. An empty one counts as unset, since people leave `KEY=` in an `.env` file. */
export function variable(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === "" ? undefined : value;
}

/**
 * Platforms that hide an error thrown while a function loads. There, requests must be answered with the error instead.
 */
export function isServerless(environment: Environment): boolean {
  return (
    variable(environment, "VERCEL") !== undefined ||
    variable(environment, "AWS_LAMBDA_FUNCTION_NAME") !== undefined ||
    isWorker()
  );
}

/** Platforms on which the connection comes from the platform, not from the caller or a proxy of the operator. */
export function isBehindPlatform(environment: Environment): boolean {
  return isServerless(environment) && !isWorker();
}

/** `xmcp dev` and frameworks say so; without `NODE_ENV` it counts as production. Bundlers replace exactly this expression. */
export function isDevelopment(): boolean {
  return typeof process !== "undefined" && process.env.NODE_ENV === "development";
}

/** Cloudflare Workers, where fetching, timers and logging do not work before the first request. */
export function isWorker(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}
