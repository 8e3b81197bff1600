import { AsyncLocalStorage } from "async_hooks";

/** Lets work go on after the request that began it has been answered or given up. */
type KeepAlive = (work: Promise<unknown>) => void;

const storage = new AsyncLocalStorage<KeepAlive>();

/** For a platform that stops what belongs to a request together with it (Cloudflare Workers: `waitUntil`). */
export function runWithKeepAlive<T>(keepAlive: KeepAlive, next: () => T): T {
  return storage.run(keepAlive, next);
}

/** What other requests may be waiting for, or find the traces of, must come to its end. */
export function keptAlive<T>(work: Promise<T>): Promise<T> {
  storage.getStore()?.(work.catch(() => {}));
  return work;
}
