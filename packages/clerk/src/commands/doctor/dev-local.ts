/** The server of `npm run dev:local`, which takes another port if the default one is in use. */
import { readFileSync } from "node:fs";

/** In the state folder of that script. The local Clerk writes the file, and removes it when it ends. */
const FILE = ".clerk-local/server.json";

/** The server's `BASE_URL`; `undefined` if none runs in this folder. */
export function devLocalURL(): string | undefined {
  try {
    const { baseURL, pid } = JSON.parse(readFileSync(FILE, "utf8")) as { baseURL?: unknown; pid?: unknown };
    return typeof baseURL === "string" && typeof pid === "number" && isRunning(pid) ? baseURL : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
