/** Runs a command next to the local Clerk, together with every process that the command starts. */
import { spawn } from "node:child_process";
import { constants } from "node:os";

export interface RunningCommand {
  /** The exit code as a shell reports it: 128 plus the signal number if a signal ended the command. */
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
  // A process group of its own, so that a signal also reaches the command's children.
  const child = spawn(program, args, { stdio: "inherit", env, detached: true });
  const signal = (name: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      // The whole group has already ended; macOS reports EPERM for that.
      if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  };
  // The command must not outlive this process.
  process.once("exit", () => signal("SIGKILL"));
  const ended = new Promise<number>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      console.error(
        `clerk-local: cannot run "${program}": ${error.code === "ENOENT" ? "command not found" : error.message}.`,
      );
      resolve(127);
    });
    child.once("exit", (code, name) => {
      // Also stop children that the command left running.
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
