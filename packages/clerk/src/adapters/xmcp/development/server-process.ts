import type { ChildProcess, SpawnOptions } from "child_process";

/** With this code the server tells `xmcp dev` that it cannot listen at its address: no change of a file helps. */
export const CANNOT_LISTEN = 98;

type Spawn = (command: string, args: readonly string[], options?: SpawnOptions) => ChildProcess;

/** How `xmcp dev` starts the server; it knows no other file. */
const STARTED = "dist/http.js";

/**
 * The server that `xmcp dev` starts and restarts. xmcp offers no hook for it, hence this stands in for `spawn` in the process of
 * `xmcp dev`, for that one command.
 */
export class DevelopmentServer {
  #process: ChildProcess | undefined;

  /** @param file the server, relative to the project */
  constructor(file: string) {
    const processes = process.getBuiltinModule("child_process");
    const spawn = processes.spawn as Spawn;
    const spawnInstead: Spawn = (command, args, options) =>
      args?.[0] === STARTED ? this.#start(spawn, file, options) : spawn(command, args, options);
    processes.spawn = spawnInstead as typeof processes.spawn;
    endWithParent();
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  #start(spawn: Spawn, file: string, options: SpawnOptions | undefined): ChildProcess {
    // By the channel the server learns that this process has ended, however that happens.
    const stdio: SpawnOptions["stdio"] = ["inherit", "inherit", "inherit", "ipc"];
    const server = spawn(process.execPath, ["--enable-source-maps", file], { ...options, stdio });
    this.#process = server;
    server.once("exit", (code, signal) => {
      if (this.#process !== server) return;
      this.#process = undefined;
      if (code === CANNOT_LISTEN) process.exit(1);
      // xmcp stops the process like this before it restarts it.
      if (signal !== "SIGKILL") console.error(STOPPED);
    });
    return server;
  }
}

const STOPPED =
  "The server has stopped. It starts again when you change a file in src/ and save it. After a change of .env, restart this command.";

const POLL_MS = 500;

/** npm runs a script in a shell, which ends on a signal without handing it on. */
function endWithParent(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const { ppid } = process;
  setInterval(() => process.ppid !== ppid && process.exit(), POLL_MS).unref();
}
