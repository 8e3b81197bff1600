// Starts load.mjs and sends it one job at a time.
import { fork } from "node:child_process";
import { join } from "node:path";
import { conversation } from "./conversation.mjs";

/**
 * @typedef {object} Job
 * @property {string} url
 * @property {string} tokens file with one token per line
 * @property {boolean} [once] whether each token is used for only one request. Default: the tokens take turns
 * @property {number} connections
 * @property {number} [seconds] duration; or `requests`
 * @property {number} [requests] number of requests
 * @property {string} [expect] text that each answer must contain
 * @property {number} [status] status that each answer must have. Default: 200
 * @property {"call" | "authenticate"} [kind] a call of the tool `greet`, or a GET, which is only authenticated and then
 * answered 405. Default: a call
 * @property {number} [pipelining]
 */

/**
 * @typedef {object} Result
 * @property {number} requests number of answered requests
 * @property {number} wrong number of unexpected answers and of requests without an answer
 * @property {string} [example] a wrong answer
 * @property {number} perSecond
 * @property {{ p50: number, p90: number, p99: number }} latency in milliseconds
 */

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
