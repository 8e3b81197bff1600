import type { ClerkBackend } from "../clerk/backend.js";
import { lookups } from "../clerk/lookups.js";
import { ClerkFailure } from "../errors/clerk-failure.js";
import type { Verify } from "./access-token.js";
import type { MachineCheck } from "./audience.js";

/**
 * Lets in the JWTs of machines that may call this server, according to Clerk: the claims of such a token are no proof,
 * because the machine can write them. Clerk is asked once per machine and time, and only if `machineId` is set.
 *
 * @param verify verifies who sent the token.
 */
export function confirmedMachines(
  verify: Verify,
  backend: ClerkBackend,
  checkMachine: MachineCheck,
  machineId: string | undefined,
): Verify {
  const scopesOf = lookups(
    ({ id }: { readonly id: string }) => id,
    ({ id }) => machineScopes(backend, id),
  );
  return async (jwt) => {
    const token = await verify(jwt);
    const machines = machineId === undefined ? [] : await scopesOf({ id: token.subject });
    if (machines instanceof ClerkFailure) throw machines;
    checkMachine(machines);
    return token;
  };
}

/** The machines that a machine may call: none if it no longer exists. */
async function machineScopes(backend: ClerkBackend, id: string): Promise<readonly string[]> {
  try {
    const { scopedMachines } = await backend.call("machine lookup", (client) => client.machines.get(id));
    return scopedMachines.map((machine) => machine.id);
  } catch (error) {
    if (error instanceof ClerkFailure && error.kind === "rejected") return [];
    throw error;
  }
}
