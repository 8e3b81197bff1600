/**
 * Keeps open pages up to date by server-sent events. Nothing is done while no page is open, and the work for open ones
 * is bounded: one rendering for all of them, at most so often that it takes a fiftieth of the time.
 */
import type { ServerResponse } from "node:http";
import type { LogEntry } from "../control/request-log.js";
import { type Exchange, send } from "../http/exchange.js";
import type { DashboardParts } from "./parts.js";
import { MAX_REQUESTS, requestRows } from "./request-rows.js";
import { sectionsOf } from "./sections.js";

/** Maximum number of open streams. A page closes its own while it is hidden. */
export const MAX_STREAMS = 8;

const SECTIONS_EVERY_MS = 1000;
const REQUESTS_EVERY_MS = 150;
/** A page that does not read is cut off, and gets everything again as it returns. */
const MAX_UNREAD_BYTES = 1024 * 1024;

export class LiveUpdates {
  readonly #parts: DashboardParts;
  readonly #streams = new Set<ServerResponse>();
  /** The versions of the sections that every stream has, by id. */
  #sent = new Map<string, string>();
  #changed = new Map<number, LogEntry>();
  #unwatch = () => {};
  #sectionTimer: NodeJS.Timeout | undefined;
  #requestTimer: NodeJS.Timeout | undefined;

  constructor(parts: DashboardParts) {
    this.#parts = parts;
  }

  /** Answers with a stream that begins with everything. It ends with the local Clerk or with the page. */
  async open(exchange: Exchange): Promise<true> {
    // After 204 the browser does not ask again.
    if (this.#streams.size >= MAX_STREAMS) return send(exchange, 204, "");
    const { res } = exchange;
    this.#streams.add(res);
    res.once("close", () => this.#close(res));
    res.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    if (this.#streams.size === 1) this.#start();
    const entries = this.#parts.log.newest(MAX_REQUESTS);
    const rows = (await requestRows(entries)).toString();
    this.#write(res, "requests", { rows, isAll: true });
    for (const section of await sectionsOf(this.#parts)) this.#write(res, "section", section);
    return true;
  }

  #start(): void {
    this.#unwatch = this.#parts.log.watch((entry) => {
      this.#changed.set(entry.number, entry);
      const [oldest] = this.#changed.keys();
      if (this.#changed.size > MAX_REQUESTS && oldest !== undefined) this.#changed.delete(oldest);
      this.#requestTimer ??= setTimeout(() => void this.#sendRequests(), REQUESTS_EVERY_MS).unref();
    });
    this.#sectionTimer = setTimeout(() => void this.#sendSections(), SECTIONS_EVERY_MS).unref();
  }

  #close(res: ServerResponse): void {
    this.#streams.delete(res);
    if (this.#streams.size > 0) return;
    this.#unwatch();
    clearTimeout(this.#sectionTimer);
    clearTimeout(this.#requestTimer);
    this.#requestTimer = undefined;
    this.#changed = new Map();
    this.#sent = new Map();
  }

  async #sendRequests(): Promise<void> {
    this.#requestTimer = undefined;
    const entries = [...this.#changed.values()].sort((one, other) => one.number - other.number);
    this.#changed = new Map();
    const rows = (await requestRows(entries)).toString();
    for (const res of this.#streams) this.#write(res, "requests", { rows, isAll: false });
  }

  async #sendSections(): Promise<void> {
    const began = performance.now();
    const sections = await sectionsOf(this.#parts).catch((error: unknown) => {
      console.error("clerk-local: the page cannot be updated.", error);
      return [];
    });
    for (const section of sections) {
      if (this.#sent.get(section.id) === section.version) continue;
      this.#sent.set(section.id, section.version);
      for (const res of this.#streams) this.#write(res, "section", section);
    }
    if (this.#streams.size === 0) return;
    clearTimeout(this.#sectionTimer);
    const pause = Math.max(SECTIONS_EVERY_MS, 50 * (performance.now() - began));
    this.#sectionTimer = setTimeout(() => void this.#sendSections(), pause).unref();
  }

  #write(res: ServerResponse, event: string, data: object): void {
    if (res.writableLength > MAX_UNREAD_BYTES) res.destroy();
    else res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
