/** Package managers, each installed at a fixed version into its own folder. */
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { run } from "../support/program.js";
import { emptyFolder } from "../support/template.js";

export type ManagerName = "npm" | "pnpm" | "yarn 1" | "yarn 4" | "bun";

export interface PackageManager {
  /** The command: `yarn` for both versions of Yarn. */
  readonly command: string;
  readonly env: Record<string, string>;
}

/** Package, version, and the program in it. npm is missing, because it comes with Node. */
const FETCHED = {
  pnpm: { command: "pnpm", from: "pnpm@12.21.0", program: "pnpm/bin/pnpm.mjs" },
  "yarn 1": { command: "yarn", from: "yarn@1.22.22", program: "yarn/bin/yarn.js" },
  "yarn 4": { command: "yarn", from: "@yarnpkg/cli-dist@4.18.1", program: "@yarnpkg/cli-dist/bin/yarn.js" },
  bun: { command: "bun", from: "bun@1.4.5", program: "bun/bin/bun.exe" },
} as const;

/** Makes each of them behave as on a developer's machine. */
const ENVIRONMENT = {
  npm_config_prefer_offline: "true",
  npm_config_audit: "false",
  npm_config_fund: "false",
  YARN_ENABLE_TELEMETRY: "false",
  // There is no lock file yet, and Yarn requires one if CI is set.
  YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
};

export async function packageManager(name: ManagerName): Promise<PackageManager> {
  if (name === "npm") return { command: "npm", env: ENVIRONMENT };
  const { command, from, program } = FETCHED[name];
  const folder = await emptyFolder();
  await writeFile(join(folder, "package.json"), '{ "private": true }');
  const { code, output } = await run("npm", ["install", "--no-audit", "--no-fund", from], { cwd: folder });
  if (code !== 0) throw new Error(`${from} cannot be installed.\n${output}`);
  const bin = join(folder, "bin");
  const file = join(folder, "node_modules", program);
  await mkdir(bin);
  await chmod(file, 0o755);
  await symlink(file, join(bin, command));
  const { stdout } = await run("npm", ["config", "get", "registry"], { cwd: folder });
  return {
    command,
    env: {
      ...ENVIRONMENT,
      PATH: [bin, process.env.PATH].join(delimiter),
      // Yarn 4 does not read .npmrc.
      YARN_NPM_REGISTRY_SERVER: stdout.trim().replace(/\/$/, ""),
    },
  };
}

/** Yarn's messages about a package that its registry does not have. */
const ABSENT =
  /Couldn't find (?:any versions for|package) "([^"]+)"|(\S+)@npm:[\d.]+: (?:Package not found|No candidates found)/g;
const OTHER_PLATFORM = /-(darwin|win32|windows|android|freebsd|openbsd|netbsd|linux)-?[\w-]*$/;

/**
 * Installs. A partial mirror may lack native builds for other platforms, and Yarn fails because it resolves all of them.
 * An empty package replaces each of them.
 */
export async function install({ command, env }: PackageManager, cwd: string): Promise<void> {
  for (;;) {
    const { code, output } = await run(command, ["install"], { cwd, env });
    if (code === 0) return;
    const absent = [...output.matchAll(ABSENT)].map(([, v1, v4]) => v1 ?? v4 ?? "");
    const isMirrorAtFault = absent.length > 0 && absent.every((name) => OTHER_PLATFORM.test(name));
    if (!isMirrorAtFault || !(await resolveToNothing(cwd, absent))) {
      throw new Error(`${command} install failed (${code}).\n${output}`);
    }
  }
}

/** @returns whether a package was added. */
async function resolveToNothing(cwd: string, names: readonly string[]): Promise<boolean> {
  const empty = join(dirname(cwd), "empty-package");
  if (!existsSync(empty)) {
    await mkdir(empty);
    await writeFile(join(empty, "package.json"), '{ "name": "empty-package", "version": "0.0.0" }');
  }
  const file = join(cwd, "package.json");
  const manifest = JSON.parse(await readFile(file, "utf8")) as { resolutions?: Record<string, string> };
  const before = manifest.resolutions ?? {};
  const resolutions = { ...before, ...Object.fromEntries(names.map((name) => [name, `file:${empty}`])) };
  await writeFile(file, `${JSON.stringify({ ...manifest, resolutions }, null, 2)}\n`);
  return Object.keys(resolutions).length > Object.keys(before).length;
}
