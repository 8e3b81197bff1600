/** Machines and API keys of the seed: what they may look like, and how they come into the instance. */
import { z } from "zod";
import type { Directory } from "../directory/directory.js";
import { derivedText } from "../ids.js";
import type { ApiKeys } from "./api-keys.js";
import type { Machines } from "./machines.js";
import { subjectOf } from "./subject.js";

export const machineSeed = z.strictObject({
  id: z
    .string()
    .regex(/^mch_\w+$/, 'must start with "mch_"')
    .optional(),
  name: z.string().min(1),
  /** Ids or names of the machines that it may talk to. */
  scopedMachines: z.array(z.string()).default([]),
});

export const apiKeySeed = z.strictObject({
  /** A user or an organization. */
  subject: z.string(),
  name: z.string().min(3).default("API key"),
  scopes: z.array(z.string()).default([]),
  /** Default: a random one. */
  secret: z
    .string()
    .regex(/^ak_\w{8,}$/, 'must be "ak_" and at least 8 letters or digits')
    .optional(),
});

interface MachinesSeed {
  machines: z.output<typeof machineSeed>[];
  apiKeys: z.output<typeof apiKeySeed>[];
}

/** What is wrong between the entries. @param subjects the users and organizations, by everything they go by */
export function problemsOfMachines(
  { machines, apiKeys }: MachinesSeed,
  subjects: ReadonlySet<string | undefined>,
): { path: (string | number)[]; message: string }[] {
  const known = new Set(machines.flatMap(({ id, name }) => [id, name]));
  return [
    ...machines.flatMap(({ scopedMachines }, index) =>
      scopedMachines
        .filter((reference) => !known.has(reference))
        .map((reference) => ({
          path: ["machines", index, "scopedMachines"],
          message: `there is no machine "${reference}"`,
        })),
    ),
    ...apiKeys.flatMap(({ subject }, index) =>
      subjects.has(subject)
        ? []
        : [{ path: ["apiKeys", index, "subject"], message: `there is no user or organization "${subject}"` }],
    ),
  ];
}

export interface PlantedParts {
  secretKey: string;
  directory: Directory;
  machines: Machines;
  apiKeys: ApiKeys;
}

/**
 * Makes the machines and keys of the seed. What an earlier run has left stays as it is – a revoked key stays revoked –
 * and only follows the seed. Ids and secrets that the seed leaves out are derived from the secret key, so that they are
 * random, and the same for as long as the state is.
 */
export function plantMachines(parts: PlantedParts, seed: MachinesSeed): void {
  const { secretKey, directory, machines, apiKeys } = parts;
  const planted = seed.machines.map(({ id, name, scopedMachines }) => {
    const itsId = id ?? `mch_${derivedText(`machine ${name} ${secretKey}`).slice(0, 27)}`;
    return { machine: machines.byId(itsId) ?? machines.create({ id: itsId, name }), name, scopedMachines };
  });
  // Machines may talk to each other, so all have to exist first.
  const idOf = (reference: string) =>
    planted.find(({ machine, name }) => machine.id === reference || name === reference)?.machine.id ??
    reference;
  for (const { machine, name, scopedMachines } of planted) {
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
