/** The environment, as `process.env` is shaped. */
export type Environment = Readonly<Record<string, string | undefined>>;

export function processEnvironment(): Environment {
  return typeof process === "undefined" ? {} : process.env;
}

/** A variable's value; an empty one counts as not set, as people leave `KEY=` in an `.env` file. */
export function variable(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === "" ? undefined : value;
}

/** Platforms that mask an error thrown while the function loads: there, it must be answered instead. */
export function isServerless(environment: Environment): boolean {
  return (
    variable(environment, "VERCEL") !== undefined ||
    variable(environment, "AWS_LAMBDA_FUNCTION_NAME") !== undefined ||
    isWorker()
  );
}

/** On Cloudflare Workers nothing may be asked, timed or logged before the first request. */
export function isWorker(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}
