/** Tells the doctor of `@xmcp-dev/clerk`, which reads it in the project's folder, where the server next to the local Clerk is. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes where the server is.
 *
 * @param directory of the state
 * @returns removes the file. If the process is killed, the file stays: its `pid` tells that it is stale
 */
export function writeServerFile(directory: string, baseURL: string): () => void {
  const path = join(directory, "server.json");
  writeFileSync(path, JSON.stringify({ baseURL, pid: process.pid }), { mode: 0o600 });
  return () => rmSync(path, { force: true });
}
