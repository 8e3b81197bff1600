/** Machines: services that obtain tokens with their own secret key. Each lists the machines that it may call. */
import type { Clock } from "../clock.js";
import { newId, randomText } from "../ids.js";
import type { RecordStore } from "../state/records.js";

/** A machine. Times are in milliseconds of the local Clerk's clock, like Clerk's. */
export type MachineRecord = {
  /** `mch_…` */
  readonly id: string;
  name: string;
  /** `ak_…`, the credential with which the machine creates and verifies tokens. */
  readonly secretKey: string;
  /** Ids of the machines that it may call: the scopes of its tokens. */
  scopedMachines: string[];
  /** Lifetime of its tokens, unless a request sets another. */
  readonly defaultTokenTtlSeconds: number;
  readonly createdAt: number;
  updatedAt: number;
};

/** A machine to create. Every member has a default. */
export interface NewMachine {
  id?: string | undefined;
  /** Default: its id. */
  name?: string | undefined;
  /** Ids or names of the machines that it may call. Default: none. */
  scopedMachines?: readonly string[] | undefined;
  /** Lifetime of its tokens in seconds. Default: 3600, like Clerk's. */
  defaultTokenTtlSeconds?: number | undefined;
}

const STORED = "Machine";
const DEFAULT_TOKEN_TTL_SECONDS = 3600;

export class Machines {
  readonly #store: RecordStore;
  readonly #clock: Clock;

  constructor(store: RecordStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  create(input: NewMachine = {}): MachineRecord {
    const id = input.id ?? newId("mch");
    if (this.byId(id)) throw new Error(`There is already a machine "${id}".`);
    const now = this.#clock.now();
    const record: MachineRecord = {
      id,
      name: input.name ?? id,
      secretKey: `ak_${randomText(32)}`,
      scopedMachines: (input.scopedMachines ?? []).map((reference) => this.machine(reference).id),
      defaultTokenTtlSeconds: input.defaultTokenTtlSeconds ?? DEFAULT_TOKEN_TTL_SECONDS,
      createdAt: now,
      updatedAt: now,
    };
    this.#store.put(STORED, id, { payload: record });
    return record;
  }

  update(machine: MachineRecord, changes: Partial<Pick<MachineRecord, "name" | "scopedMachines">>): void {
    this.#store.update(STORED, machine.id, { ...changes, updatedAt: this.#clock.now() });
  }

  /** Newest first. */
  list(): MachineRecord[] {
    return (this.#store.all(STORED) as MachineRecord[]).reverse();
  }

  byId(id: string): MachineRecord | undefined {
    return this.#store.get(STORED, id) as MachineRecord | undefined;
  }

  bySecretKey(secretKey: string): MachineRecord | undefined {
    const found = this.#store.find(STORED, (payload) => payload.secretKey === secretKey);
    return found as MachineRecord | undefined;
  }

  /** By id or name. */
  find(reference: string): MachineRecord | undefined {
    return this.byId(reference) ?? this.list().find((machine) => machine.name === reference);
  }

  machine(reference: string): MachineRecord {
    const machine = this.find(reference);
    if (machine) return machine;
    const names = this.list().map(({ name }) => name);
    const known = names.length > 20 ? `${names.length} others` : names.join(", ") || "none";
    throw new Error(`There is no machine "${reference}". There are: ${known}.`);
  }
}
