/** The command `add`: adds the plugin to an existing xmcp project. A second run changes nothing. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { flag, help, parsedOptions, text, UsageError } from "../command-line.js";
import {
  type Change,
  copies,
  dependencies,
  environmentKeys,
  ignoredFiles,
  middleware,
  type Write,
  xmcpConfig,
} from "./changes.js";
import { type Tarball, tarballsIn } from "./packages.js";
import {
  CannotAdd,
  expectInside,
  type PackageManager,
  type Project,
  packageManagerOf,
  projectIn,
} from "./project.js";

/** Asks the person at the terminal; `undefined` without a terminal. */
export type Ask = ((question: string) => Promise<string>) | undefined;

/** @returns the exit code. */
export async function add(
  argv: readonly string[],
  folder = process.cwd(),
  ask: Ask = terminal(),
): Promise<number> {
  try {
    const args = parseArguments(argv);
    if (args.isHelp) {
      process.stdout.write(usage);
      return 0;
    }
    return await addTo(projectIn(folder), args, ask);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`add: ${error.message}\n\n${usage}`);
      return 2;
    }
    if (!(error instanceof CannotAdd)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function addTo(project: Project, args: CliArguments, ask: Ask): Promise<number> {
  const changes = changesTo(project, args.tarballs === undefined ? [] : tarballsIn(args.tarballs));
  const writes = changes.filter((change) => "content" in change);
  const kept = writes.flatMap(({ keeps }) => keeps?.file ?? []);
  const width = Math.max(0, ...[...changes.map(({ file }) => file), ...kept].map(({ length }) => length)) + 2;
  const say = (mark: string, file: string, text: string) =>
    process.stdout.write(`${mark} ${file.padEnd(width)}${text}\n`);

  expectInside(project.folder, [...writes.map(({ file }) => file), ...kept]);
  if (!args.isDryRun && !args.isAgreed) await agree(writes, ask);
  for (const write of writes) {
    if (!args.isDryRun) save(project, write);
    say(args.isDryRun ? "+" : "✔", write.file, write.does);
    if (args.isDryRun) for (const line of newLines(project, write)) process.stdout.write(`    ${line}\n`);
    if (write.keeps)
      say(" ", write.keeps.file, "your previous file, which does not run: copy what you need from it");
  }
  for (const change of changes) if ("byHand" in change) say("!", change.file, change.byHand);
  if (args.isDryRun) {
    process.stdout.write("Nothing was changed.\n");
    return 0;
  }
  const manager = packageManagerOf(project.folder);
  if (writes.length === 0) {
    process.stdout.write("The project already has everything.\n");
    if (!args.installs) return 0;
  }
  return finish(manager, project.folder, args.installs);
}

/** The lines of a text file that are not in it yet. */
function newLines({ read }: Project, { file, content }: Write): readonly string[] {
  if (typeof content !== "string") return [];
  const before = new Set(read(file)?.split("\n"));
  return content.split("\n").filter((line) => line.trim() !== "" && !before.has(line));
}

function changesTo(project: Project, tarballs: readonly Tarball[]): readonly Change[] {
  return [
    xmcpConfig(project),
    middleware(project),
    dependencies(project, tarballs),
    ...copies(project, tarballs),
    ...environmentKeys(project),
    ignoredFiles(project),
  ].filter((change) => change !== undefined);
}

/** @throws {CannotAdd} unless the person agrees to the files being replaced. */
async function agree(writes: readonly Write[], ask: Ask): Promise<void> {
  for (const { file, keeps } of writes) {
    if (keeps === undefined) continue;
    if (ask === undefined) {
      throw new CannotAdd(
        `${file} exists, and there is no terminal to ask for confirmation. Nothing was changed. ` +
          `Use --yes (or --force) to replace it. It is kept as ${keeps.file}.`,
      );
    }
    const answer = await ask(`${file} exists. Replace it, and keep it as ${keeps.file}? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new CannotAdd("Nothing was changed.");
  }
}

function save({ folder }: Project, { file, content, keeps }: Write): void {
  for (const { file: name, content: text } of [...(keeps ? [keeps] : []), { file, content }]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function finish(manager: PackageManager, folder: string, installs: boolean): number {
  const next = `${manager} run dev:local starts it without a Clerk account. To use yours, see .env.example, then run ${manager} run dev.`;
  if (!installs) {
    process.stdout.write(`\nNow run ${manager} install. ${next}\n`);
    return 0;
  }
  const { status, error } = spawnSync(manager, ["install"], {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) throw new CannotAdd(`${manager} cannot be started (${error.message}). Run ${manager} install.`);
  if (status !== 0) throw new CannotAdd(`${manager} install failed. Its output above has the reason.`);
  process.stdout.write(`\n${next}\n`);
  return 0;
}

function terminal(): Ask {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  return async (question) => {
    const reader = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await reader.question(question);
    } finally {
      reader.close();
    }
  };
}

/** The command line of `add`. */
export interface CliArguments {
  readonly isHelp: boolean;
  /** Whether every question is answered with yes. */
  readonly isAgreed: boolean;
  readonly isDryRun: boolean;
  readonly installs: boolean;
  /** A folder with the packages as tarballs, which the project gets in place of versions. */
  readonly tarballs: string | undefined;
}

export const usage = `Usage: npx @xmcp-dev/clerk add [options]

Adds Clerk to the xmcp project in this folder: the middleware, the names of the environment variables, the dependencies, and
the piece of xmcp.config.ts that lets the built server read PORT and HOST. It asks before it replaces a file.

Options:
  --yes, --force   replace without asking; the previous file is kept beside it
  --dry-run        only show what it would write
  --install        install the dependencies afterwards
  --tarballs <dir> copy both packages, made by npm pack, from this folder to vendor/
  --help           print this

Exit code: 0 the project has it, 1 it was refused, 2 the command line is wrong.
`;

export function parseArguments(argv: readonly string[]): CliArguments {
  const values = parsedOptions(argv, {
    yes: flag,
    force: flag,
    "dry-run": flag,
    install: flag,
    tarballs: text,
    help,
  });
  return {
    isHelp: values.help ?? false,
    isAgreed: (values.yes ?? false) || (values.force ?? false),
    isDryRun: values["dry-run"] ?? false,
    installs: values.install ?? false,
    tarballs: values.tarballs,
  };
}
