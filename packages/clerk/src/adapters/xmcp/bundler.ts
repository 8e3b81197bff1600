import type { Compiler } from "./development/compiler.js";
import { developing, developmentPlugins } from "./development/development.js";
import { INSTALL_TESTED, warnIfNewer } from "./tested-version.js";

/** The parts of an Rspack configuration that this module changes. */
interface BundlerConfig {
  mode?: unknown;
  entry?: unknown;
  output?: unknown;
  externals?: unknown;
  resolve?: { alias?: unknown };
  module?: { rules?: unknown[] };
  plugins?: unknown[];
}

/** The files that answer MCP. */
const HANDLER = /[\\/]xmcp[\\/]dist[\\/]runtime[\\/](adapter-nextjs|cloudflare-worker)\.js$/;
const WORKER = /[\\/]xmcp[\\/]dist[\\/]runtime[\\/]cloudflare-worker\.js$/;

/**
 * For `bundler` in `xmcp.config.ts`: the Node build then starts with `@xmcp-dev/clerk/serve` instead of xmcp's own
 * listener, which ignores `PORT` and `HOST` at run time, moves to another port when its own is taken and drops running
 * calls on SIGTERM. A source map is written next to it, for the positions of errors. On Node and on Vercel, `/` is the
 * plugin's home page. Other builds (Workers, adapters) stay unchanged.
 */
export function serveOnNode<T extends object>(config: T): T {
  const { entry } = config as BundlerConfig;
  requireKnownEntry(entry);
  const isHttp = isBuildOf("http", entry);
  const replacing = isHttp
    ? { http: "@xmcp-dev/clerk/serve" }
    : isBuildOf("vercel", entry) && { vercel: "@xmcp-dev/clerk/vercel" };
  if (!replacing) return config;
  const handler = { "xmcp-handler": runtimeFile("adapter-nextjs.js") };
  const changed = guarding(startingWith(replacing, handler, config));
  return {
    ...changed,
    ...(isHttp && output(config)),
    plugins: [
      ...pluginsOf(changed),
      ...(isHttp && isDevelopment(config) ? developmentPlugins : []),
      ...(isHttp && process.env.XMCP_CLERK_OUTPUT ? [listInputs] : []),
      failOnErrors,
    ],
  } as T;
}

/**
 * The source map of a build names the project's files without containing them. With `XMCP_CLERK_OUTPUT` the build is written
 * to that folder, so that a test's build does not replace the one in use.
 */
function output({ mode, output }: BundlerConfig): object {
  if (isDevelopment({ mode })) return developing(output);
  const path = process.env.XMCP_CLERK_OUTPUT;
  return {
    devtool: "nosources-source-map",
    output: {
      ...(output as object),
      devtoolModuleFilenameTemplate: "[resource-path]",
      ...(path && { path }),
    },
  };
}

/** Writes which files a test's build was made from, also if it failed: the source map lacks those that were inlined. */
const listInputs = {
  apply(compiler: Compiler): void {
    const { writeFileSync } = process.getBuiltinModule("fs");
    compiler.hooks.done.tap("@xmcp-dev/clerk", ({ compilation }) => {
      const files = [...compilation.fileDependencies].filter(
        (file) => !/[\\/](node_modules|\.xmcp)[\\/]/.test(file),
      );
      writeFileSync(`${process.env.XMCP_CLERK_OUTPUT}/inputs.json`, JSON.stringify(files));
    });
  },
};

function isDevelopment({ mode }: BundlerConfig): boolean {
  return mode === "development";
}

/**
 * For `bundler` in `xmcp.config.ts`: the Workers build (`xmcp build --cf`) then starts with
 * `@xmcp-dev/clerk/cloudflare`, which authenticates in front of xmcp's own worker. Without it that worker answers 500
 * to every call. Other builds stay unchanged.
 */
export function serveOnWorkers<T extends object>(config: T): T {
  const { entry } = config as BundlerConfig;
  requireKnownEntry(entry);
  if (!isBuildOf("worker", entry)) return config;
  const changed = guarding(
    startingWith(
      { worker: "@xmcp-dev/clerk/cloudflare" },
      { "xmcp-worker": runtimeFile("cloudflare-worker.js") },
      config,
    ),
  );
  return { ...changed, plugins: [...pluginsOf(changed), failOnErrors] };
}

/**
 * For `bundler` in `xmcp.config.ts` of an app of another framework (`experimental.adapter`): the protection, which is
 * not part of xmcp's build there, then knows the tools, prompts and resources, and the rules in their files. Other
 * builds stay unchanged.
 */
export function declareToApp<T extends object>(config: T): T {
  const { entry, externals } = config as BundlerConfig;
  if (!isBuildOf("adapter", entry)) return config;
  return guarding({ ...config, externals: [externals].flat().map(withoutGuard) });
}

const GUARD = "@xmcp-dev/clerk/guard";

/** Of a request for a module. `context` is the folder of the module that makes it. */
interface ExternalData {
  readonly request?: string;
  readonly context?: string;
}

type External = (data: ExternalData, done: () => void) => void;

/**
 * For Next.js xmcp keeps every package and every path that starts with `../` external, but the guard must share the build
 * with the tools, and so must what it imports.
 */
function withoutGuard(external: unknown): unknown {
  if (typeof external !== "function") return external;
  const own = ownFile(GUARD).replace(/[\\/]adapters[\\/].*$/, "");
  const decide: External = (data, done) =>
    data.request === GUARD || data.context?.startsWith(own) ? done() : (external as External)(data, done);
  return decide;
}

/** Puts the guard between xmcp and the files that its compiler has collected. A build in which that fails has an error. */
function guarding<T extends object>(config: T): T {
  const { module } = config as BundlerConfig;
  const rule = { test: IMPORT_MAP, use: [{ loader: ownFile("@xmcp-dev/clerk/import-map-loader") }] };
  return {
    ...config,
    module: { ...module, rules: [...(module?.rules ?? []), rule] },
    plugins: [...pluginsOf(config), requireGuard],
  };
}

const IMPORT_MAP = /[\\/]\.xmcp[\\/]import-map\.js$/;

function pluginsOf(config: object): readonly unknown[] {
  return (config as BundlerConfig).plugins ?? [];
}

/** Replaces xmcp's entry. The new entry finds one of xmcp's runtime files under an alias. */
function startingWith<T extends object>(entry: object, alias: object, config: T): T {
  const { entry: entries, resolve, module } = config as BundlerConfig;
  return {
    ...config,
    entry: { ...(entries as object), ...entry },
    resolve: { ...resolve, alias: { ...(resolve?.alias as object), ...alias } },
    module: {
      ...module,
      // The file is an ES module, although it lacks the .mjs ending and its package is CommonJS.
      rules: [
        ...(module?.rules ?? []),
        { test: WORKER, type: "javascript/esm" },
        { test: HANDLER, use: [{ loader: ownFile("@xmcp-dev/clerk/stackless-error-loader") }] },
      ],
    },
  };
}

/** Adds an error to a build whose import map did not pass import-map-loader.ts, since no access rule would apply in it. */
const requireGuard = {
  apply(compiler: Compiler): void {
    compiler.hooks.afterCompile.tap("@xmcp-dev/clerk", (compilation) => {
      if ((globalThis as { [GUARDED]?: boolean })[GUARDED] === true) return;
      compilation.errors.push(new Error(NOT_GUARDED));
    });
  },
};

const GUARDED = Symbol.for("@xmcp-dev/clerk/guarded-import-maps");

const NOT_GUARDED = `[Clerk] xmcp no longer collects the tools in .xmcp/import-map.js, so access rules would not apply. ${INSTALL_TESTED}`;

/**
 * `xmcp build` exits with 0 on errors and leaves the previous build in place. This removes that build first, and makes the
 * exit code 1.
 */
const failOnErrors = {
  apply(compiler: Compiler): void {
    const { rmSync } = process.getBuiltinModule("fs");
    // Only `xmcp build` runs the compiler; `xmcp dev` watches.
    compiler.hooks.beforeRun.tap("@xmcp-dev/clerk", () => {
      rmSync(`${compiler.outputPath}/http.js`, { force: true });
    });
    compiler.hooks.done.tap("@xmcp-dev/clerk", (stats) => {
      if (!stats.hasErrors() || compiler.watching !== undefined) return;
      // xmcp may call process.exit(0) after this.
      process.once("exit", () => {
        process.exitCode = 1;
      });
    });
  },
};

function isBuildOf<N extends string>(name: N, entry: unknown): entry is Record<N, unknown> {
  return typeof entry === "object" && entry !== null && name in entry;
}

/** The entries that xmcp builds from. One that is not named here would be a server without the guard. */
const ENTRIES = ["http", "vercel", "worker", "adapter", "stdio"];

/** @throws {Error} which ends the build, if xmcp names the entry of its build otherwise. */
function requireKnownEntry(entry: unknown): void {
  if (ENTRIES.some((name) => isBuildOf(name, entry))) return;
  throw new Error(
    `[Clerk] xmcp builds from an entry that this version does not know, so nothing would be protected. ${INSTALL_TESTED}`,
  );
}

/** @throws {Error} which ends the build, if this version of xmcp does not have the file. */
function runtimeFile(name: string): string {
  const { existsSync, readFileSync } = process.getBuiltinModule("fs");
  const manifest = ownFile("xmcp/package.json");
  const file = manifest.replace(/package\.json$/, `dist/runtime/${name}`);
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  if (!existsSync(file))
    throw new Error(`[Clerk] xmcp ${version} has no file dist/runtime/${name}. ${INSTALL_TESTED}`);
  warnIfNewer(version);
  return file;
}

/** Resolves a module. xmcp evaluates its configuration where `import` and `require` find only bundled code. */
function ownFile(module: string): string {
  const { createRequire } = process.getBuiltinModule("module");
  return createRequire(`${process.cwd()}/xmcp.config.ts`).resolve(module);
}
