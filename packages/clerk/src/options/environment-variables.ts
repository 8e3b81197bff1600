import { type Environment, variable } from "../runtime/platform.js";

/** The environment variable of each option that has one. */
export const ENVIRONMENT_NAMES = {
  secretKey: "CLERK_SECRET_KEY",
  clerkDomain: "CLERK_DOMAIN",
  baseURL: "BASE_URL",
  apiUrl: "CLERK_API_URL",
  jwtKey: "CLERK_JWT_KEY",
  audience: "CLERK_AUDIENCE",
  machineId: "CLERK_MACHINE_ID",
} as const;

/** The source of the domain if `clerkDomain` is not set. */
export const PUBLISHABLE_KEY = "CLERK_PUBLISHABLE_KEY";

/**
 * The public origin of a Vercel deployment: the production domain in production; in a preview the branch's address, or
 * else the deployment's own.
 */
export function vercelOrigin(environment: Environment): string | undefined {
  if (variable(environment, "VERCEL") === undefined) return undefined;
  const names =
    variable(environment, "VERCEL_ENV") === "production"
      ? ["VERCEL_PROJECT_PRODUCTION_URL", "VERCEL_URL"]
      : ["VERCEL_BRANCH_URL", "VERCEL_URL"];
  const host = names.map((name) => variable(environment, name)).find((value) => value !== undefined);
  return host === undefined ? undefined : `https://${host}`;
}
