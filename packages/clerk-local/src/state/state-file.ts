/** Saves the state that must survive a restart in one file that only its owner can read. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";

/** @typeParam State the saved state, plain data */
export class StateFile<State extends object> {
  readonly path: string;
  readonly #schema: z.ZodType<State>;
  #scheduled = false;

  /** @param schema describes the saved state; a file of any other shape is unreadable */
  constructor(directory: string, schema: z.ZodType<State>) {
    this.#schema = schema;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.path = join(directory, "clerk-local.json");
  }

  /** The saved state; `undefined` if there is none. An unreadable file is renamed, with a warning. */
  read(): State | undefined {
    let content: string;
    try {
      content = readFileSync(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    const result = this.#schema.safeParse(parsed(content));
    if (result.success) return result.data;
    const aside = `${this.path}.unreadable`;
    renameSync(this.path, aside);
    console.warn(
      `clerk-local: ${this.path} is not a state file of this version. It is kept as ${aside}; starting without it.`,
    );
    return undefined;
  }

  /** Writes the result of `state` once, after all changes of the current turn of the event loop. */
  schedule(state: () => State): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      if (!this.#scheduled) return;
      try {
        this.write(state());
      } catch (error) {
        console.error(`clerk-local: ${this.path} cannot be written.`, error);
      }
    });
  }

  /** Writes at once. Atomic: a reader sees either the old or the new content. */
  write(state: State): void {
    this.#scheduled = false;
    const temporary = `${this.path}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(state), { mode: 0o600 });
    renameSync(temporary, this.path);
  }
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
