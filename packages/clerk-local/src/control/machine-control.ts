/** How a test manages API keys, machines and their tokens while the stand-in runs. */
import type { Directory } from "../directory/directory.js";
import type { ApiKeyRecord, ApiKeys } from "../machines/api-keys.js";
import type { M2MTokens } from "../machines/m2m-tokens.js";
import type { MachineRecord, Machines, NewMachine } from "../machines/machines.js";
import { subjectOf } from "../machines/subject.js";
import type { TokenFormat } from "../options.js";
import type { Json } from "../tokens/jws.js";

/** An API key; times are milliseconds, like Clerk's. */
export interface LocalApiKey extends Readonly<ApiKeyRecord> {
  readonly expired: boolean;
}

/** A machine; times are milliseconds, like Clerk's. */
export type LocalMachine = Readonly<MachineRecord>;

/** An API key to create. */
export interface NewApiKey {
  /** A user (id, username or email) or an organization (id or slug). */
  subject: string;
  /** Default: `"API key"`. */
  name?: string;
  /** Default: none. */
  scopes?: readonly string[];
  /** What the application keeps with it. Default: none. */
  claims?: Json;
  /** Life in seconds from now; negative: it has already expired. Default: it never expires. */
  expiresIn?: number;
}

/** How a machine's token is to be. */
export interface MachineTokenOptions {
  /** Default: `"opaque"`, as Clerk's. */
  format?: TokenFormat;
  /** Life in seconds from now; negative: it has already expired. Default: the machine's. */
  expiresIn?: number;
  /** Custom claims; in a JWT they are on the top level. Default: none. */
  claims?: Json;
  /** Names or ids (`mch_…`, which need not exist) of who may accept it. Default: the machine's `scopedMachines`. */
  scopes?: readonly string[];
}

/** A machine-to-machine token. */
export interface LocalMachineToken {
  /** `mt_…`, also the JWT's `jti`. It is no credential. */
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

/** Keys are named by id or secret. What is returned is a copy. */
export interface ApiKeysControl {
  /** Throws when there is no such user or organization. */
  create(input: NewApiKey): LocalApiKey;
  /** All of them, newest first. */
  list(): LocalApiKey[];
  /** Throws when there is no such key. */
  revoke(key: string): LocalApiKey;
}

/** Machines are named by id or name. What is returned is a copy. */
export interface MachinesControl {
  /** Everything has a default. Throws when one of `scopedMachines` does not exist. */
  create(input?: NewMachine): LocalMachine;
  /** All of them, newest first. */
  list(): LocalMachine[];
  /** Makes a token of a machine. Throws when there is no such machine. */
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
