/** Tokens from a command of whoever runs the suite, for servers that trust another authorization server. */
import { execFile } from "node:child_process";
import type { TokenSource } from "../tokens/recipe.js";

/** The exit code with which a command says that it cannot make tokens of that kind. */
const CANNOT_MAKE = 3;
const TIMEOUT_MS = 30_000;

/** The command failed with another exit code, or printed nothing. */
export class TokenCommandFailed extends Error {}

/**
 * The command line is run by the shell, so that it may be quoted; the kind is added as the last argument, and the
 * whole recipe is in `MCP_AUTH_TOKEN_RECIPE` as JSON.
 */
export function tokenCommand(
  commandLine: string,
  environment: Readonly<Record<string, string>>,
): TokenSource {
  return {
    token: (recipe) =>
      new Promise((resolve, reject) => {
        const env = { ...process.env, ...environment, MCP_AUTH_TOKEN_RECIPE: JSON.stringify(recipe) };
        const options = { env, timeout: TIMEOUT_MS, shell: true };
        execFile(commandLine, [recipe.kind], options, (error, stdout, stderr) => {
          if (error?.code === CANNOT_MAKE) return resolve(undefined);
          const token = stdout.trim();
          if (error !== null || token === "") {
            return reject(
              new TokenCommandFailed(`${commandLine} ${recipe.kind}: ${stderr || error?.message}`),
            );
          }
          resolve(token);
        });
      }),
  };
}
