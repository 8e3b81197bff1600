// Starts load.mjs, and hands it one job at a time.
import { fork } from "node:child_process";
import { join } from "node:path";
import { conversation } from "./conversation.mjs";

/**
 * @typedef {object} Job
 * @property {string} url
 * @property {string} tokens file with a token in each line
 * @property {boolean} [once] each token is for one request only; otherwise they take turns
 * @property {number} connections
 * @property {number} [seconds] how long
 * @property {number} [requests] or how many
 * @property {string} [expect] what each answer has to contain
 * @property {number} [status] what each answer's status has to be; default 200
 * @property {"call" | "authenticate"} [kind] a call of the tool `greet`, or a GET, which gets no further than
 * authentication and is then answered 405. Default: a call
 * @property {number} [pipelining]
 */

/**
 * @typedef {object} Result
 * @property {number} requests answered
 * @property {number} wrong answers that are not as expected, and requests without an answer
 * @property {string} [example] of a wrong answer
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
