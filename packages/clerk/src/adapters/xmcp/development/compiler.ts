/** The parts of an Rspack compiler that the bundler plugins use. */
export interface Compiler {
  readonly hooks: {
    readonly afterDone: { tap(name: string, listener: () => void): void };
    readonly beforeRun: { tap(name: string, listener: () => void): void };
    readonly afterCompile: { tap(name: string, listener: (compilation: { errors: Error[] }) => void): void };
    readonly done: { tap(name: string, listener: (stats: Stats) => void): void };
  };
  readonly outputPath: string;
  /** Only in development. */
  readonly watching?: Watching | undefined;
}

interface Watching {
  invalidate(): void;
  invalidateWithChangesAndRemovals(changed: Set<string>, removed: Set<string>): void;
}

/** The result of a compilation. xmcp prints `toString()` of one with errors. */
export interface Stats {
  readonly compilation: { readonly fileDependencies: Iterable<string> };
  hasErrors(): boolean;
  toJson(options: object): { readonly errors?: readonly CompileError[] };
  toString(options?: unknown): string;
}

export interface CompileError {
  readonly message?: string;
  /** The file, relative to the project. */
  readonly moduleName?: string;
  /** A line and column, or a range of them. */
  readonly loc?: string;
}
