// Builds two apps for the official suite in a temporary folder: the template with the tools, prompts and resources that
// the suite calls, and the same app without the plugin.
import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const TEMPLATE = resolve(import.meta.dirname, "..");
const PARTS = ["src", "package.json", "tsconfig.json", "xmcp-env.d.ts", "xmcp.config.ts"];
const FIXTURES = join(import.meta.dirname, "app/fixtures");
const CONSTANTS = join(import.meta.dirname, "app/without-plugin/clerk-constants.ts");

/** @typedef {readonly (readonly [before: string, after: string])[]} Edits */

/** @type {Edits} */
const WITH_FIXTURES = [
  ["prompts: false, resources: false", 'prompts: "./src/prompts", resources: "./src/resources"'],
];

/** @type {Edits} */
const WITHOUT_PLUGIN = [
  ['import { serveOnNode } from "@xmcp-dev/clerk/bundler";\n', ""],
  ["  bundler: serveOnNode,\n", ""],
  // xmcp cannot write this value into the built file, so that its start file falls back to the variable PORT.
  ["port: 3001", "port: Number.POSITIVE_INFINITY"],
];

/** @returns {Promise<{ withPlugin: string, withoutPlugin: string, remove: () => Promise<void> }>} */
export async function buildApps() {
  const folder = await mkdtemp(join(tmpdir(), "xmcp-conformance-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const withPlugin = join(folder, "with-plugin");
    await copyTemplate(withPlugin);
    build(withPlugin);

    const withoutPlugin = join(folder, "without-plugin");
    await copyTemplate(withoutPlugin);
    await removePlugin(withoutPlugin);
    build(withoutPlugin);
    return { withPlugin, withoutPlugin, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @param {string} folder */
async function copyTemplate(folder) {
  await mkdir(folder);
  for (const part of PARTS) await cp(join(TEMPLATE, part), join(folder, part), { recursive: true });
  await cp(FIXTURES, folder, { recursive: true });
  await edit(join(folder, "xmcp.config.ts"), WITH_FIXTURES);
  await symlink(join(TEMPLATE, "node_modules"), join(folder, "node_modules"), "junction");
}

/**
 * Removes the middleware, restores xmcp's own start file, and gives the four tools constants in place of the plugin.
 */
async function removePlugin(/** @type {string} */ folder) {
  await rm(join(folder, "src/middleware.ts"));
  await edit(join(folder, "xmcp.config.ts"), WITHOUT_PLUGIN);
  await cp(CONSTANTS, join(folder, "src/clerk-constants.ts"));
  for (const name of await readdir(join(TEMPLATE, "src/tools"))) {
    await edit(join(folder, "src/tools", name), [['from "@xmcp-dev/clerk"', 'from "../clerk-constants"']]);
  }
}

/**
 * @param {string} path
 * @param {Edits} edits
 */
async function edit(path, edits) {
  let text = await readFile(path, "utf8");
  for (const [before, after] of edits) {
    if (!text.includes(before)) throw new Error(`${path} does not contain: ${before}`);
    text = text.replace(before, after);
  }
  await writeFile(path, text);
}

/** @param {string} folder */
function build(folder) {
  const PATH = [join(TEMPLATE, "node_modules/.bin"), process.env.PATH].join(delimiter);
  for (const command of ["tsc --noEmit", "xmcp build"]) {
    const [program = "", ...args] = command.split(" ");
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, PATH },
      shell: process.platform === "win32",
    });
    if (status !== 0) throw new Error(`${command} failed:\n${stdout}${stderr}`);
  }
}
