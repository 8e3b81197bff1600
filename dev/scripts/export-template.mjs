// npm run export-template -- [--versions] <folder>: copies the template without the rest of this repository. The plugin
// and the local Clerk go along as tarballs. With --versions they are dependencies by version, for when a registry has them.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { documentation } from "./documentation.mjs";
import { pack, ROOT, readJson, tarballOf } from "./tarballs.mjs";

const COPIED = [
  "src",
  "test",
  "xmcp.config.ts",
  "tsconfig.json",
  "wrangler.jsonc",
  "Dockerfile",
  "LICENSE",
  ".env.example",
  ".gitignore",
  ".mcp.json",
  ".cursor",
  ".vscode",
];
/** The pages written for the copy. Their links to `docs/` lead to this repository. */
const PAGES = ["README.md", "AGENTS.md"];
/** The index of `docs/` for assistants. Its links lead to this repository too. */
const INDEX = "docs/llms.txt";
/** Other files that only the copy has. */
const OWN = ["vitest.config.mts", ".github"];
/** The scripts for users. The other scripts run files in `dev/`. */
const SCRIPTS = ["dev", "dev:local", "demo", "build", "build:cf", "start"];
const NEEDED_IN_DEVELOPMENT = [
  "@modelcontextprotocol/client",
  "@types/node",
  "@xmcp-dev/clerk-local",
  "@xmcp-dev/compiler",
  "typescript",
  "vitest",
];
const VENDOR = "vendor";
const ROW_ON_TARBALLS = /^\| `vendor\/` .*\n/m;

const { values, positionals } = parseArgs({
  options: { versions: { type: "boolean", default: false } },
  allowPositionals: true,
});
const [folder, ...more] = positionals;
if (folder === undefined || more.length > 0) stop("Usage: npm run export-template -- [--versions] <folder>");
const target = resolve(folder);
if (existsSync(target) && readdirSync(target).length > 0) {
  stop(`${target} is not empty. Name an empty or new folder.`);
}
mkdirSync(target, { recursive: true });
for (const name of COPIED) cpSync(join(ROOT, name), join(target, name), { recursive: true });
for (const name of OWN)
  cpSync(join(ROOT, "dev/exported-template", name), join(target, name), { recursive: true });
for (const name of PAGES) write(name, page(name));
mkdirSync(join(target, "docs"));
write(INDEX, index());
write(".dockerignore", dockerignore());
write("package.json", `${JSON.stringify(manifest(), null, 2)}\n`);
if (!values.versions) {
  console.log("Packing the plugin and the local Clerk …");
  pack(join(target, VENDOR));
}
console.log(`The template is in ${target}. Next, in that folder: npm install && npm run demo`);

/** @param {string} name */
function page(name) {
  const text = readFileSync(join(ROOT, "dev/exported-template", name), "utf8");
  const linked = text.replaceAll("](../../docs/", `](${documentation(target)}/`);
  return values.versions ? linked.replace(ROW_ON_TARBALLS, "") : linked;
}

function index() {
  const text = readFileSync(join(ROOT, INDEX), "utf8");
  return text.replaceAll("](", `](${documentation(join(target, "docs"))}/`);
}

/** Lets the tarballs into the image in place of the sources of the packages. */
function dockerignore() {
  const text = readFileSync(join(ROOT, ".dockerignore"), "utf8");
  return text.replace("!packages\n", values.versions ? "" : `!${VENDOR}\n`);
}

function manifest() {
  const { name, version, description, license, engines, scripts, dependencies, devDependencies } =
    readJson("package.json");
  return {
    name,
    version,
    private: true,
    description,
    license,
    engines,
    scripts: { ...picked(scripts, SCRIPTS), test: "vitest run" },
    dependencies: unlinked(dependencies),
    devDependencies: unlinked(picked(devDependencies, NEEDED_IN_DEVELOPMENT)),
  };
}

/**
 * @param {Record<string, string>} from
 * @param {readonly string[]} names
 */
function picked(from, names) {
  return Object.fromEntries(names.map((name) => [name, from[name] ?? stop(`package.json has no ${name}.`)]));
}

/**
 * The packages that are linked in this repository become tarballs or versions.
 *
 * @param {Record<string, string>} dependencies
 */
function unlinked(dependencies) {
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, range]) => {
      if (!range.startsWith("link:")) return [name, range];
      const path = range.slice("link:./".length);
      return [
        name,
        values.versions
          ? `^${readJson(join(path, "package.json")).version}`
          : `file:${VENDOR}/${tarballOf(path)}`,
      ];
    }),
  );
}

/**
 * @param {string} name
 * @param {string} text
 */
function write(name, text) {
  writeFileSync(join(target, name), text);
}

/**
 * @param {string} message
 * @returns {never}
 */
function stop(message) {
  console.error(message);
  process.exit(1);
}
