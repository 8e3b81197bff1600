/** Starts the target with a command. Stops it together with every process that it started. */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { exchangeOnce } from "../http/connection.js";
import { freePort } from "./free-port.js";
import type { Target, TargetSettings, TargetStarter } from "./target.js";

export interface CommandOptions {
  readonly command: readonly string[];
  /** `{port}` is replaced by a free port. Default: `http://127.0.0.1:{port}/mcp`. */
  readonly url?: string;
  /** Default: 30 s. */
  readonly startTimeoutMs?: number;
}

/** The command ended or did not answer in time. The message contains its output. */
export class TargetNotStarted extends Error {}

const POLL_MS = 40;
const GRACE_MS = 3_000;
const MAX_OUTPUT = 2 ** 17;
/** What a message shows of the output. */
const MAX_SHOWN = 4_000;

export function commandTarget(options: CommandOptions): TargetStarter {
  const { command, url = "http://127.0.0.1:{port}/mcp", startTimeoutMs = 30_000 } = options;
  return {
    url: async () => url.replace("{port}", String(await freePort())),
    isFresh: true,
    start: (settings) => start(command, settings, startTimeoutMs),
  };
}

async function start(
  [program = "", ...args]: readonly string[],
  { url, environment }: TargetSettings,
  timeoutMs: number,
): Promise<Target> {
  const { hostname, port } = new URL(url);
  // A process group of its own, so that the command's children can be stopped too.
  const child = spawn(program, args, {
    env: { ...process.env, HOST: hostname, PORT: port, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const killGroup = () => signal(child, "SIGKILL");
  process.once("exit", killGroup);
  const output = tail(child);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, name) => resolve(`it ended with ${name ?? `exit code ${code}`}`));
  });
  const stop = async (): Promise<void> => {
    signal(child, "SIGTERM");
    const timer = setTimeout(killGroup, GRACE_MS);
    await ended;
    clearTimeout(timer);
    killGroup();
    process.off("exit", killGroup);
  };
  const hasEnded = new AbortController();
  void ended.then(() => hasEnded.abort());
  const problem = await Promise.race([ended, answers(new URL(url), timeoutMs, hasEnded.signal)]);
  if (problem === undefined) return { url, output, stop };
  await stop();
  throw new TargetNotStarted(
    `The command "${program}" did not start a server: ${problem}.\n${output().slice(-MAX_SHOWN)}`,
  );
}

/** Resolves with `undefined` once the server answers, or with the reason why it does not. */
async function answers(url: URL, timeoutMs: number, hasEnded: AbortSignal): Promise<string | undefined> {
  const deadline = performance.now() + timeoutMs;
  const fields = [["Host", url.host]] as const;
  const request = { method: "GET", target: url.pathname, version: "HTTP/1.1", fields, trailers: [] };
  while (performance.now() < deadline && !hasEnded.aborted) {
    const exchange = await exchangeOnce(url, { ...request, body: undefined }, 1_000);
    if (exchange.kind === "answer") return undefined;
    await delay(POLL_MS);
  }
  return `nothing answers at ${url.href} after ${timeoutMs} ms`;
}

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // The whole group has already ended.
  }
}

function tail({ stdout, stderr }: ChildProcess): () => string {
  let output = "";
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-MAX_OUTPUT);
    });
  }
  return () => output;
}
