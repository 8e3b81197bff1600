/** Other providers at which users have accounts, and the accounts that they have connected, in the seed. */
import { z } from "zod";

const provider = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'must look like "github" or "custom_acme"');
const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "must be one scope");

/** The scopes that each provider is asked for when a user connects an account: Clerk's setting of the connection. */
export const providersSeed = z.record(provider, z.array(scope)).default({
  google: ["openid", "email", "profile", "https://www.googleapis.com/auth/calendar.readonly"],
  github: ["read:user", "user:email", "repo"],
});

export const externalAccountSeed = z.strictObject({
  /** Id, username or email. */
  user: z.string(),
  provider,
  /** The name of the account at the provider. Default: the user's username. */
  username: z.string().min(1).max(60).optional(),
  /** Default: those that the provider is asked for. */
  scopes: z.array(scope).optional(),
  /** The name that the user gave the account at Clerk. Default: none. */
  label: z.string().optional(),
  /** Lifetime of an access token in seconds; negative: expired; `null`: it does not expire. Default: 3600. */
  expiresIn: z.int().nullable().default(3600),
  /** Whether an expired token is replaced. Default: true. */
  refreshable: z.boolean().default(true),
  /** Names of the account's repositories, for the provider's API. Default: three invented ones. */
  repositories: z.array(z.string().min(1)).optional(),
});

export interface AccountsSeed {
  providers: z.output<typeof providersSeed>;
  externalAccounts: z.output<typeof externalAccountSeed>[];
}

/** Problems across entries. @param users every id and name of the users */
export function problemsOfAccounts(
  { providers, externalAccounts }: AccountsSeed,
  users: ReadonlySet<string | undefined>,
): { path: (string | number)[]; message: string }[] {
  return externalAccounts.flatMap(({ user, provider: id }, index) => [
    ...(users.has(user)
      ? []
      : [{ path: ["externalAccounts", index, "user"], message: `there is no user "${user}"` }]),
    ...(Object.hasOwn(providers, id)
      ? []
      : [{ path: ["externalAccounts", index, "provider"], message: `"providers" does not have "${id}"` }]),
  ]);
}
