/** Makes tokens with a command of the user, for servers that trust another authorization server. */
import { execFile } from "node:child_process";
import type { TokenSource } from "../tokens/recipe.js";

/** The exit code of a command that cannot make this kind of token. */
const CANNOT_MAKE = 3;
const TIMEOUT_MS = 30_000;

/** The command failed with another exit code, or printed nothing. */
export class TokenCommandFailed extends Error {}

/**
 * Runs the command line in a shell, so that it may contain quotes. The last argument is the kind.
 * `MCP_AUTH_TOKEN_RECIPE` contains the whole recipe as JSON.
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
