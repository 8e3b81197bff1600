/** Machines and API keys in the seed. */
import { z } from "zod";

export const machineSeed = z.strictObject({
  id: z
    .string()
    .regex(/^mch_\w+$/, 'must start with "mch_"')
    .optional(),
  name: z.string().min(1),
  /** Ids or names of the machines that it may call. */
  scopedMachines: z.array(z.string()).default([]),
});

export const apiKeySeed = z.strictObject({
  /** A user (id, username or email) or an organization (id or slug). */
  subject: z.string(),
  name: z.string().min(3).default("API key"),
  scopes: z.array(z.string()).default([]),
  /** Default: a random one. */
  secret: z
    .string()
    .regex(/^ak_\w{8,}$/, 'must be "ak_" and at least 8 letters or digits')
    .optional(),
});

export interface MachinesSeed {
  machines: z.output<typeof machineSeed>[];
  apiKeys: z.output<typeof apiKeySeed>[];
}

/** Problems across entries. @param subjects every id and name of the users and organizations */
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
