// Creates what all measurements need: the local Clerk, tokens, the load process, built apps and running servers.
// Also stops and removes all of it.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClerkLocal } from "@xmcp-dev/clerk-local";
import { appFolder, buildApps } from "./apps.mjs";
import { startLoad } from "./load-process.mjs";
import { startServer } from "./server.mjs";
import { tokenFiles } from "./tokens.mjs";
import { VARIANTS } from "./variants.mjs";

/** @import { Server } from "./server.mjs" */
/** @import { Name, Variant } from "./variants.mjs" */

/** @typedef {Awaited<ReturnType<typeof createWorld>>} World */

/**
 * @param {readonly number[]} toolCounts the numbers of tools of the apps to build
 * @param {{ isQuick: boolean }} options `isQuick`: V8 compiles the servers sooner (probe.mjs)
 */
export async function createWorld(toolCounts, { isQuick }) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "xmcp-clerk-bench-")));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const state = join(folder, "state");
  mkdirSync(state);
  await buildApps(folder, toolCounts);
  const clerk = await createClerkLocal({ port: 0, state });
  const ada = clerk.users.get("ada");
  const load = startLoad();
  /** For every server: the address of Clerk, and the fixed caller of servers without authentication. */
  const env = {
    ...clerk.env,
    BENCH_USER_ID: ada.id,
    MCP_USE_ANONYMIZED_TELEMETRY: "false",
    ...(isQuick && { BENCH_COMPILE_SOONER: "1" }),
  };
  /** @type {Set<Server>} */
  const running = new Set();
  let started = 0;

  /**
   * How to start a server: its program, and in which folder, with which Node and environment.
   *
   * @param {Name} name
   * @param {number} tools
   */
  function program(name, tools) {
    const { app, program: file = "", node = process.execPath } = /** @type {Variant} */ (VARIANTS[name]);
    const cwd = app ? appFolder(folder, app, tools) : folder;
    const entry = app ? join(cwd, "dist/http.js") : join(import.meta.dirname, "variants", file);
    return { entry, cwd, node, env: { ...env, BENCH_TOOLS: String(tools) } };
  }

  return {
    folder,
    clerk,
    env,
    load,
    program,
    tokens: tokenFiles(clerk, state, folder),
    /** The text of each answer of `greet`. */
    greeting: `Hello, World! You are signed in as ${ada.id}.`,
    /**
     * @param {Name} name
     * @param {number} tools
     * @param {readonly string[]} [flags] for V8
     */
    async start(name, tools, flags = []) {
      started += 1;
      const log = join(folder, `server-${started}.log`);
      const server = await startServer({ ...program(name, tools), flags, log });
      running.add(server);
      return server;
    },
    /** Stops all servers, so that they can be restarted. */
    async stopServers() {
      await Promise.all([...running].map((server) => server.stop()));
      running.clear();
    },
    async stop() {
      load.stop();
      await this.stopServers();
      await clerk.close();
    },
  };
}
