// Sends a child process one question at a time and returns its answer.
import { once } from "node:events";

/** @import { ChildProcess } from "node:child_process" */

/**
 * @param {ChildProcess} child
 * @param {() => string} complaint returns the error message if the process ends instead
 * @returns {(question: object) => Promise<any>}
 */
export function conversation(child, complaint) {
  /** @type {((error: Error) => void) | undefined} */
  let giveUp;
  child.once("exit", () => giveUp?.(new Error(complaint())));
  return (question) =>
    new Promise((resolve, reject) => {
      giveUp = reject;
      once(child, "message").then(([answer]) => resolve(answer), reject);
      child.send(question);
    });
}
