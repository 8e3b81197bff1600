/** The ports of the local Clerk and of the server next to it, so that several copies can run at once. */
import { once } from "node:events";
import { createServer } from "node:net";
import { LOOPBACK } from "../http/loopback.js";
import { PortTaken } from "../http/server.js";

const STAND_IN = 4400;
const SERVER = 3001;
const COPIES = 20;

/** Starts on the port that is given, or else on the first free one. */
export async function onFreePort<T>(
  given: number | undefined,
  start: (port: number) => Promise<T>,
): Promise<T> {
  if (given !== undefined) return start(given);
  for (let port = STAND_IN; port < STAND_IN + COPIES; port++) {
    try {
      return await start(port);
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
    }
  }
  return start(0);
}

/** Where the server next to the local Clerk listens, and where clients find it. */
export interface ServerAddress {
  BASE_URL: string;
  /** Absent if the environment says it, or has another `BASE_URL`. */
  PORT?: string;
}

/** Where clients find a server that starts with this environment. */
export function baseURL({ PORT, BASE_URL }: NodeJS.ProcessEnv): string {
  return BASE_URL || `http://${LOOPBACK}:${PORT || SERVER}`;
}

/** @param issuer of the local Clerk: its port tells how many other copies there are, which may have no server yet */
export async function serverAddress(environment: NodeJS.ProcessEnv, issuer: string): Promise<ServerAddress> {
  if (environment.PORT || environment.BASE_URL) return { BASE_URL: baseURL(environment) };
  const copy = Number(new URL(issuer).port) - STAND_IN;
  const first = SERVER + (copy > 0 && copy < COPIES ? copy : 0);
  for (let port = first; port < first + COPIES; port++) {
    if (await isFree(port)) return { PORT: String(port), BASE_URL: `http://${LOOPBACK}:${port}` };
  }
  return { BASE_URL: baseURL(environment) };
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, LOOPBACK);
  try {
    await once(probe, "listening");
  } catch {
    return false;
  }
  probe.close();
  await once(probe, "close");
  return true;
}
