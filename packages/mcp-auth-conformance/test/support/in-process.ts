/** Runs cases against a server of this process, which starts faster than a command. */
import type { Server } from "node:http";
import { freePort } from "../../src/run/free-port.js";
import { type Report, type RunOptions, runConformance } from "../../src/run/run.js";
import type { TargetStarter } from "../../src/run/target.js";
import { CLOSED_TOOL } from "./reference/tools.js";

interface ServerOptions {
  readonly mistakes: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly print: (line: string) => void;
}

export type ServerOf = (options: ServerOptions) => Server;

/** With every `should` as a `must`. */
export function runInProcess(
  serverOf: ServerOf,
  mistakes: readonly string[],
  options: Partial<RunOptions>,
): Promise<Report> {
  const target = inProcess(serverOf, mistakes);
  return runConformance({ target, profile: "rfc9068", closedTool: CLOSED_TOOL, strict: true, ...options });
}

function inProcess(serverOf: ServerOf, mistakes: readonly string[]): TargetStarter {
  return {
    url: async () => `http://127.0.0.1:${await freePort()}/mcp`,
    isFresh: true,
    async start({ url, environment }) {
      let output = "";
      const print = (line: string) => {
        output += `${line}\n`;
      };
      const server = serverOf({ mistakes, environment, print });
      await new Promise<void>((resolve) =>
        server.listen(Number(new URL(url).port), "127.0.0.1", () => resolve()),
      );
      const stop = async () => {
        server.close();
        server.closeAllConnections();
      };
      return { url, output: () => output, stop };
    },
  };
}
