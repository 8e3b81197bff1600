/** Creates the machines and API keys of the seed. */
import type { Directory } from "../directory/directory.js";
import { derivedText } from "../ids.js";
import type { MachinesSeed } from "../seed/machine-seeds.js";
import type { ApiKeys } from "./api-keys.js";
import type { Machines } from "./machines.js";
import { subjectOf } from "./subject.js";

export interface SeededParts {
  secretKey: string;
  directory: Directory;
  machines: Machines;
  apiKeys: ApiKeys;
}

/**
 * Creates the machines and keys of the seed, or updates those that the saved state already has. A revoked key stays
 * revoked. Ids and secrets that the seed omits are derived from the secret key: they are random, but stay the same as
 * long as the state is kept.
 */
export function seedMachines(parts: SeededParts, seed: MachinesSeed): void {
  const { secretKey, directory, machines, apiKeys } = parts;
  const seeded = seed.machines.map(({ id, name, scopedMachines }) => {
    const itsId = id ?? `mch_${derivedText(`machine ${name} ${secretKey}`).slice(0, 27)}`;
    return { machine: machines.byId(itsId) ?? machines.create({ id: itsId, name }), name, scopedMachines };
  });
  // Machines may refer to each other, so all of them must exist first.
  const idOf = (reference: string) =>
    seeded.find(({ machine, name }) => machine.id === reference || name === reference)?.machine.id ??
    reference;
  for (const { machine, name, scopedMachines } of seeded) {
    machines.update(machine, { name, scopedMachines: scopedMachines.map(idOf) });
  }

  seed.apiKeys.forEach(({ subject: reference, name, scopes, secret }, index) => {
    const itsSecret = secret ?? `ak_${derivedText(`api key ${index} ${secretKey}`)}`;
    const subject = subjectOf(directory, reference);
    const earlier = apiKeys.bySecret(itsSecret);
    if (earlier) apiKeys.update(earlier, { subject, scopes });
    else apiKeys.create({ subject, name, scopes, secret: itsSecret });
  });
}
