import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

export const BIN = fileURLToPath(new URL("../../bin/mcp-auth-conformance.js", import.meta.url));
export const REFERENCE_SERVER = fileURLToPath(new URL("reference-server.js", import.meta.url));
export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of standard output. */
  readonly lastLine: string;
}

/** Runs the command as users start it, in the repository's root. */
export function cli(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  return new Promise<CliRun>((resolve) => {
    const options = { cwd: ROOT, env: { ...process.env, ...environment }, maxBuffer: 2 ** 25 };
    execFile(process.execPath, [BIN, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, stdout, stderr, lastLine: stdout.trimEnd().split("\n").at(-1) ?? "" });
    });
  });
}

/** `--only a --only b` */
export function only(...prefixes: readonly string[]): string[] {
  return prefixes.flatMap((prefix) => ["--only", prefix]);
}

export function referenceServer(mistake = "none"): string[] {
  return ["--", process.execPath, REFERENCE_SERVER, mistake];
}
