import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

// Below the ranges from which systems assign ports for `listen(0)` and for outgoing connections (from 32768 on Linux,
// from 49152 elsewhere). A port in those ranges could be taken before the caller uses it.
const FIRST = 15_000;
const LAST = 32_000;
const ATTEMPTS = 20;

/** A free port on loopback, outside the ranges from which systems assign ports. */
export async function freePort(): Promise<number> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
  throw new Error(`${ATTEMPTS} ports between ${FIRST} and ${LAST} on 127.0.0.1 were all taken.`);
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, "127.0.0.1");
  try {
    await once(probe, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
    throw error;
  }
  probe.close();
  await once(probe, "close");
  return true;
}
