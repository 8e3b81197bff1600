/** Runs programs under test. Each is stopped with every process that it has started. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { atEnd } from "./at-end.js";
import { eventually } from "./eventually.js";
import { PATH } from "./template.js";

export interface Program {
  readonly pid: number;
  /** Its output so far, on both streams. */
  output(): string;
  /** Its output so far on standard output. */
  stdout(): string;
  /** Waits until the output contains this text. */
  printed(text: string, timeoutMs?: number): Promise<void>;
  /** The exit code; `null` if a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Sends a signal to the program only, not to its children. */
  signal(name: NodeJS.Signals): void;
}

export interface ProgramOptions {
  cwd: string;
  env?: Record<string, string>;
}

export function start(program: string, args: readonly string[], { cwd, env }: ProgramOptions): Program {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} cannot be started`);
  let output = "";
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  let ended = false;
  const exited = once(child, "close").then(([code]) => {
    ended = true;
    return code as number | null;
  });
  atEnd(async () => {
    const family = ended ? [] : [pid, ...descendants(pid)];
    // A negative number addresses the process group, which still contains processes that have outlived their parent.
    for (const member of [...family, -pid]) kill(member);
    await exited;
  });
  return {
    pid,
    exited,
    output: () => output,
    stdout: () => stdout,
    async printed(text, timeoutMs) {
      await eventually(
        `${program} ${args.join(" ")} prints ${text}`,
        () => ended || output.includes(text),
        timeoutMs,
      ).catch((error: Error) => {
        throw new Error(`${error.message}\n${output}`);
      });
      if (!output.includes(text)) throw new Error(`${program} ended without printing ${text}\n${output}`);
    },
    signal: (name) => void child.kill(name),
  };
}

/** Runs a program until it ends. */
export async function run(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<{ code: number | null; output: string; stdout: string }> {
  const running = start(program, args, options);
  const code = await running.exited;
  return { code, output: running.output(), stdout: running.stdout() };
}

/** All direct and indirect children of a process. */
export function descendants(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const processes = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const startedBy = (parent: number): number[] =>
    processes.filter(([, ppid]) => ppid === parent).flatMap(([child = 0]) => [child, ...startedBy(child)]);
  return startedBy(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // ESRCH: the process has already ended.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
