// Starts load.mjs, and hands it one job at a time.
import { fork } from "node:child_process";
import { join } from "node:path";
import { conversation } from "./conversation.mjs";

/** @import { Job, Result } from "./load.mjs" */

/** @returns {{ run: (job: Job) => Promise<Result>, stop: () => void }} `run` rejects if an answer was wrong */
export function startLoad() {
  const child = fork(join(import.meta.dirname, "load.mjs"));
  const ask = conversation(child, () => "The load generator ended.");
  return {
    async run(job) {
      const { result, error } = await ask(job);
      if (error !== undefined) throw new Error(`The load generator failed: ${error}`);
      if (result.wrong > 0)
        throw new Error(`${result.wrong} of ${result.requests} answers were wrong, e.g. ${result.example}`);
      return result;
    },
    stop: () => void child.kill(),
  };
}
