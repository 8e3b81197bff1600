import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { ClerkLocal } from "../control/clerk-local.js";
import { createClerkLocal } from "../create-clerk-local.js";
import type { ClerkLocalOptions } from "../options.js";
import { type McpServer, startServer } from "./mcp-server.js";
import { projectBuild } from "./project-build.js";

export interface TestServerOptions {
  /** The project's folder. Default: the working directory. */
  cwd?: string | undefined;
  /** A built server, used unchanged. Default: the project is built when its sources have changed. */
  entry?: string | undefined;
  /** Variables to add to the server's environment. */
  env?: Readonly<Record<string, string>> | undefined;
  /** Options of the local Clerk, e.g. its `seed`. */
  clerk?: ClerkLocalOptions | undefined;
}

/** The server under test, and the Clerk that it trusts. */
export interface TestServer extends McpServer {
  /** The local Clerk: change a role, ban a user, revoke a token, let Clerk fail. */
  readonly clerk: ClerkLocal;
}

const started = new Map<string, Promise<TestServer>>();

/**
 * The built server of a project beside a local Clerk. Started once for the same options and the same build; builds
 * the project first if its sources have changed. Ends with the process, and does not keep it running.
 *
 * @throws {Error} with the output, if the project cannot be built or the server does not start
 */
export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const cwd = resolve(options.cwd ?? ".");
  const entry = options.entry ?? (await projectBuild(cwd));
  const stats = statSync(resolve(cwd, entry), { throwIfNoEntry: false });
  if (stats === undefined)
    throw new Error(`There is no ${resolve(cwd, entry)}. Build it first, or leave \`entry\` out.`);
  const key = JSON.stringify([cwd, entry, stats.mtimeMs, options.env, options.clerk]);
  let server = started.get(key);
  if (server === undefined) {
    server = start(cwd, entry, options);
    started.set(key, server);
    // The next test starts another.
    const forget = () => started.delete(key);
    server.then(({ exited }) => exited.then(forget), forget);
  }
  return server;
}

async function start(cwd: string, entry: string, options: TestServerOptions): Promise<TestServer> {
  const clerk = await createClerkLocal({ port: 0, ...options.clerk });
  clerk.unref();
  try {
    const server = await startServer({ ...clerk.env, ...options.env }, { cwd, entry });
    const stop = async () => {
      const code = await server.stop();
      await clerk.close();
      return code;
    };
    return { ...server, stop, clerk };
  } catch (error) {
    await clerk.close();
    throw error;
  }
}
