/** The parts of an Rspack configuration that are changed here. */
interface BundlerConfig {
  entry?: unknown;
  resolve?: { alias?: unknown };
  module?: { rules?: unknown[] };
  plugins?: unknown[];
}

/** The part of an Rspack compiler that is used here. */
interface Compiler {
  readonly hooks: { readonly afterDone: { tap(name: string, listener: () => void): void } };
  /** Only in development. */
  readonly watching?: { invalidate(): void } | undefined;
}

const REQUEST_HANDLER = "xmcp-request-handler";

/**
 * For `bundler` in `xmcp.config.ts`: the Node build then starts with `@xmcp-dev/clerk/serve` instead of xmcp's
 * own listener, which ignores `PORT` and `HOST` at run time, moves to another port when its own is taken and
 * drops running calls on SIGTERM. There and on Vercel, whose functions run on Node too, `/` is the plugin's home
 * page. Other builds (Workers, adapters) are left as they are.
 */
export function serveOnNode<T extends object>(config: T): T {
  const { entry, resolve, module, plugins } = config as BundlerConfig;
  const replaced = replacedEntry(entry);
  if (replaced === undefined) return config;
  return {
    ...config,
    entry: replaced,
    resolve: { ...resolve, alias: { ...(resolve?.alias as object), [REQUEST_HANDLER]: requestHandler() } },
    module: {
      ...module,
      // The file has no .mjs ending and its package is CommonJS; it is a module all the same.
      rules: [
        ...(module?.rules ?? []),
        { test: /[\\/]xmcp[\\/]dist[\\/]runtime[\\/]vercel\.js$/, type: "javascript/esm" },
      ],
    },
    plugins: [...(plugins ?? []), compileTwice],
  };
}

/** What the build starts with; `undefined` for a build that is left as it is. */
function replacedEntry(entry: unknown): object | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  if ("http" in entry) return { ...entry, http: "@xmcp-dev/clerk/serve" };
  if ("vercel" in entry) return { ...entry, vercel: "@xmcp-dev/clerk/vercel" };
  return undefined;
}

/** `xmcp dev` starts the server after the second compilation, which xmcp's own entry, being generated, causes. */
const compileTwice = {
  apply(compiler: Compiler): void {
    let isFirst = true;
    compiler.hooks.afterDone.tap("@xmcp-dev/clerk", () => {
      if (isFirst) compiler.watching?.invalidate();
      isFirst = false;
    });
  },
};

/** xmcp's request handler, as it is built for Vercel: `(request, response) => Promise<void>`. */
function requestHandler(): string {
  // xmcp evaluates its configuration where `import` and `require` find nothing but bundled code.
  const { createRequire } = process.getBuiltinModule("module");
  const manifest = createRequire(`${process.cwd()}/xmcp.config.ts`).resolve("xmcp/package.json");
  return manifest.replace(/package\.json$/, "dist/runtime/vercel.js");
}
