/** Two local Clerks with one state directory would overwrite each other's state, and their servers each other's files. */
import { savedState } from "../instance.js";
import { StateFile } from "../state/state-file.js";

const ANSWER_WITHIN_MS = 1_000;

/** The state directory belongs to a local Clerk that runs. The message says where. */
export class StateInUse extends Error {}

/** @throws StateInUse if the local Clerk that has written the state answers at its address. */
export async function expectUnused(directory: string): Promise<void> {
  const saved = new StateFile(directory, savedState).read();
  if (saved?.issuer === undefined || !(await isRunning(saved.issuer, saved.secretKey))) return;
  throw new StateInUse(
    `Already running at ${saved.issuer} with this state (${directory}). Stop it first, or use another directory with --state.`,
  );
}

/** Only the local Clerk with this state knows the key; another program may have its port by now. */
async function isRunning(issuer: string, secretKey: string): Promise<boolean> {
  try {
    const { ok } = await fetch(`${issuer}/__local/requests`, {
      method: "POST",
      headers: { authorization: `Bearer ${secretKey}` },
      body: "{}",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return ok;
  } catch {
    return false;
  }
}
