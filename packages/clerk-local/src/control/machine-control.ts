/** Lets a test change the API keys, machines and machine tokens of a running local Clerk. */
import type { Directory } from "../directory/directory.js";
import type { ApiKeyRecord, ApiKeys } from "../machines/api-keys.js";
import type { M2MTokens } from "../machines/m2m-tokens.js";
import type { MachineRecord, Machines, NewMachine } from "../machines/machines.js";
import { subjectOf } from "../machines/subject.js";
import type { TokenFormat } from "../options.js";
import type { Json } from "../tokens/jws.js";

/** An API key. Times are in milliseconds since the epoch, like Clerk's. */
export interface LocalApiKey extends Readonly<ApiKeyRecord> {
  readonly expired: boolean;
}

/** A machine. Times are in milliseconds since the epoch, like Clerk's. */
export type LocalMachine = Readonly<MachineRecord>;

/** An API key to create. */
export interface NewApiKey {
  /** A user (id, username or email) or an organization (id or slug). */
  subject: string;
  /** Default: `"API key"`. */
  name?: string | undefined;
  /** Default: none. */
  scopes?: readonly string[] | undefined;
  /** Custom claims. Default: none. */
  claims?: Json | undefined;
  /** Lifetime in seconds from now; negative: already expired. Default: it never expires. */
  expiresIn?: number | undefined;
}

/** Options for a machine's token. */
export interface MachineTokenOptions {
  /** Default: `"opaque"`, like Clerk's. */
  format?: TokenFormat | undefined;
  /** Lifetime in seconds from now; negative: already expired. Default: the machine's `defaultTokenTtlSeconds`. */
  expiresIn?: number | undefined;
  /** Custom claims; top-level claims of a JWT. Default: none. */
  claims?: Json | undefined;
  /**
   * Names or ids (`mch_…`) of the machines that may accept the token. An id need not exist. Default: the machine's
   * `scopedMachines`.
   */
  scopes?: readonly string[] | undefined;
}

/** A machine-to-machine token. */
export interface LocalMachineToken {
  /** `mt_…`, also the JWT's `jti`. Not a credential. */
  id: string;
  /** The credential: `mt_…` or a JWT. */
  token: string;
  /** Id of the machine. */
  subject: string;
  /** Ids of the machines that may accept it. */
  scopes: string[];
  claims: Json | null;
  /** Milliseconds since the epoch. */
  expiration: number;
}

/** Keys are named by id or secret. Returned objects are copies. */
export interface ApiKeysControl {
  /** Throws if the subject does not exist. */
  create(input: NewApiKey): LocalApiKey;
  /** Newest first. */
  list(): LocalApiKey[];
  /** Throws if the key does not exist. */
  revoke(key: string): LocalApiKey;
}

/** Machines are named by id or name. Returned objects are copies. */
export interface MachinesControl {
  /** Every member has a default. Throws if one of `scopedMachines` does not exist. */
  create(input?: NewMachine): LocalMachine;
  /** Newest first. */
  list(): LocalMachine[];
  /** Makes a token for a machine. Throws if the machine does not exist. */
  token(machine: string, options?: MachineTokenOptions): Promise<LocalMachineToken>;
}

export function apiKeysControl(apiKeys: ApiKeys, directory: Directory): ApiKeysControl {
  const described = (key: ApiKeyRecord): LocalApiKey => ({
    ...structuredClone(key),
    expired: apiKeys.isExpired(key),
  });
  return {
    create({ subject, name = "API key", expiresIn, ...input }) {
      if (expiresIn !== undefined) wholeSeconds("apiKeys.create: expiresIn", expiresIn);
      const key = { ...structuredClone(input), name, subject: subjectOf(directory, subject) };
      return described(apiKeys.create({ ...key, expiresIn: expiresIn ?? null }));
    },
    list: () => apiKeys.list().map(described),
    revoke(reference) {
      const key = apiKeys.find(reference);
      if (!key) throw new Error("There is no such API key.");
      apiKeys.revoke(key, null);
      return described(key);
    },
  };
}

export function machinesControl(machines: Machines, tokens: M2MTokens): MachinesControl {
  return {
    create(input = {}) {
      const { id, defaultTokenTtlSeconds } = input;
      if (id !== undefined && !/^mch_\w+$/.test(id)) {
        throw new TypeError('machines.create: id must start with "mch_"');
      }
      if (defaultTokenTtlSeconds !== undefined) {
        wholeSeconds("machines.create: defaultTokenTtlSeconds", defaultTokenTtlSeconds);
      }
      return structuredClone(machines.create(input));
    },
    list: () => structuredClone(machines.list()),
    async token(reference, { format = "opaque", expiresIn, claims, scopes } = {}) {
      if (expiresIn !== undefined) wholeSeconds("machines.token: expiresIn", expiresIn);
      const { record, token } = await tokens.create(machines.machine(reference), {
        format,
        expiresIn,
        claims: structuredClone(claims),
        scopes: scopes?.map((scope) => (scope.startsWith("mch_") ? scope : machines.machine(scope).id)),
      });
      const { id, subject, expiration } = record;
      return {
        id,
        token,
        subject,
        scopes: [...record.scopes],
        claims: structuredClone(record.claims),
        expiration,
      };
    },
  };
}

function wholeSeconds(name: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${name} must be a whole number of seconds`);
}
