import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import type { Result } from "../../src/commands/doctor/diagnose.js";
import { doctor } from "../../src/commands/doctor/doctor.js";

export const COMMAND = fileURLToPath(new URL("../../bin/clerk-mcp.js", import.meta.url));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Report {
  readonly ok: boolean;
  readonly checks: readonly Result[];
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** Runs the built command with only this environment. */
export async function run(
  args: readonly string[],
  environment: Variables = {},
  cwd: string = import.meta.dirname,
): Promise<Run> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [code, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/** Runs a subcommand in this process, with only this environment: starting a process takes longer than the checks. */
export async function runHere(
  args: readonly string[],
  environment: Variables = {},
  subcommand: (argv: readonly string[]) => Promise<number> = doctor,
): Promise<Run> {
  const { env } = process;
  const folder = process.cwd();
  const printed = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += text;
      return true;
    }),
  );
  process.env = { PATH: env.PATH, ...environment };
  process.chdir(import.meta.dirname);
  try {
    return { code: await subcommand(args), ...printed };
  } finally {
    process.chdir(folder);
    process.env = env;
    for (const spy of spies) spy.mockRestore();
  }
}

export function reportOf({ stdout, stderr }: Run): Report {
  try {
    return JSON.parse(stdout) as Report;
  } catch (error) {
    throw new Error(`No report: ${stdout}${stderr}`, { cause: error });
  }
}
