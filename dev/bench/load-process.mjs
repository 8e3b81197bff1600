// Starts load.mjs and sends it one job at a time.
import { fork } from "node:child_process";
import { join } from "node:path";
import { conversation } from "./conversation.mjs";

/**
 * @typedef {object} Job
 * @property {string} url
 * @property {string} tokens file with one token per line
 * @property {boolean} [once] whether each token is used for only one request. Default: the tokens take turns
 * @property {number} requests how many
 * @property {string} [expect] text that each answer must contain
 * @property {number} [status] status that each answer must have. Default: 200
 * @property {"call" | "list" | "authenticate"} kind a call of the tool `greet`; `tools/list`; or a GET, which is only
 * authenticated and then answered 405
 */

/**
 * @typedef {object} Result
 * @property {number} wrong number of unexpected answers and of requests without an answer
 * @property {string} [example] a wrong answer
 * @property {number} perSecond
 */

/** @returns {{ run: (job: Job) => Promise<Result>, stop: () => void }} `run` rejects if an answer was wrong */
export function startLoad() {
  const child = fork(join(import.meta.dirname, "load.mjs"));
  const ask = conversation(child, () => "The load generator ended.");
  return {
    async run(job) {
      const { result, error } = await ask(job);
      if (error !== undefined) throw new Error(`The load generator failed: ${error}`);
      if (result.wrong > 0) throw new Error(`${result.wrong} answers were wrong, e.g. ${result.example}`);
      return result;
    },
    stop: () => void child.kill(),
  };
}
