// One question at a time to a child process, and its answer.
import { once } from "node:events";

/** @import { ChildProcess } from "node:child_process" */

/**
 * @param {ChildProcess} child
 * @param {() => string} complaint what to say if it ends instead
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
