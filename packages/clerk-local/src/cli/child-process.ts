/** The command that runs beside the stand-in, with everything that it starts itself. */
import { spawn } from "node:child_process";
import { constants } from "node:os";

export interface RunningCommand {
  /** The exit code, as a shell tells it: 128 and the signal's number when a signal ended it. */
  ended: Promise<number>;
  /** Sends a signal to the whole process group. */
  signal(name: NodeJS.Signals): void;
}

/** How long a command may take to end after a signal, in milliseconds. */
const GRACE_MS = 5000;

export function runCommand(
  [program = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): RunningCommand {
  // A group of its own, so that what the command starts can be reached as well.
  const child = spawn(program, args, { stdio: "inherit", env, detached: true });
  const signal = (name: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      // The whole group has ended already; macOS says EPERM then.
      if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  };
  // Whatever ends this process, nothing of the command outlives it.
  process.once("exit", () => signal("SIGKILL"));
  const ended = new Promise<number>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      console.error(
        `clerk-local: cannot run "${program}": ${error.code === "ENOENT" ? "there is no such command" : error.message}.`,
      );
      resolve(127);
    });
    child.once("exit", (code, name) => {
      // What the command has left running ends with it.
      signal("SIGTERM");
      resolve(code ?? 128 + (name ? constants.signals[name] : 0));
    });
  });
  return {
    ended,
    signal(name) {
      signal(name);
      setTimeout(() => signal("SIGKILL"), GRACE_MS).unref();
    },
  };
}
