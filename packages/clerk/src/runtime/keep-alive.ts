import { AsyncLocalStorage } from "async_hooks";

/** Lets work continue after its request has ended. */
type KeepAlive = (work: Promise<unknown>) => void;

const storage = new AsyncLocalStorage<KeepAlive>();

/** For a platform that stops a request's work when the request ends (Cloudflare Workers: `waitUntil`). */
export function runWithKeepAlive<T>(keepAlive: KeepAlive, next: () => T): T {
  return storage.run(keepAlive, next);
}

/** Registers shared work with `waitUntil`, so that it outlives the request that started it. */
export function keptAlive<T>(work: Promise<T>): Promise<T> {
  storage.getStore()?.(work.catch(() => {}));
  return work;
}
