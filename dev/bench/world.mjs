// Creates what all measurements need: the stand-in for Clerk, tokens, the load process, built apps and running servers.
// Also stops and removes all of it.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClerkLocal } from "@xmcp-dev/clerk-local";
import { buildApp } from "./apps.mjs";
import { startLoad } from "./load-process.mjs";
import { startServer } from "./server.mjs";
import { tokenFiles } from "./tokens.mjs";

/** @import { App } from "./apps.mjs" */
/** @import { Server } from "./server.mjs" */

/** @typedef {Awaited<ReturnType<typeof createWorld>>} World */

export async function createWorld() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "xmcp-clerk-bench-")));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const state = join(folder, "state");
  mkdirSync(state);
  const clerk = await createClerkLocal({ port: 0, state });
  const ada = clerk.users.get("ada");
  const load = startLoad();
  /** @type {Server[]} */
  const running = [];
  let started = 0;

  return {
    /** Removed at the end. */
    folder,
    clerk,
    load,
    tokens: tokenFiles(clerk, state, folder),
    /** The text of each answer of `greet`. */
    greeting: `Hello, World! You are signed in as ${ada.id}.`,
    /** For every server: the address of Clerk, and the fixed caller of servers without authentication. */
    env: { ...clerk.env, BENCH_USER_ID: ada.id, MCP_USE_ANONYMIZED_TELEMETRY: "false" },
    /** @param {App} app @returns the folder of the built app */
    app: (app) => buildApp(join(folder, "apps"), app),
    /** @param {{ app?: App, program?: string, node?: string, env?: object }} what */
    async start({ app, program, node, env }) {
      const cwd = app && buildApp(join(folder, "apps"), app);
      const entry = cwd ? join(cwd, "dist/http.js") : join(import.meta.dirname, "variants", program ?? "");
      started += 1;
      const server = await startServer({
        entry,
        log: join(folder, `server-${started}.log`),
        env: { ...this.env, ...env },
        ...(cwd && { cwd }),
        ...(node && { node }),
      });
      running.push(server);
      return server;
    },
    async stop() {
      load.stop();
      await Promise.all(running.map((server) => server.stop()));
      await clerk.close();
    },
  };
}
