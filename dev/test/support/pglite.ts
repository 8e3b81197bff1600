import { freePort } from "@xmcp-dev/clerk-local/testing";
import { start } from "./program.js";
import { ROOT } from "./template.js";

/** A PostgreSQL in memory, in a process of its own. @returns its address once it answers */
export async function pglite(): Promise<string> {
  const free = await freePort();
  const port = `--port=${free}`;
  const server = start("pglite-server", [port, "--max-connections=10"], { cwd: ROOT });
  await server.printed("listening", 60_000);
  return `postgres://postgres@127.0.0.1:${free}/postgres`;
}
