// npm run --prefix dev export-template [folder]: copies the template without the rest of this repository, for a gallery
// of templates. The plugin and the stand-in become dependencies by version.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const COPIED = [
  "src",
  "test",
  "xmcp.config.ts",
  "tsconfig.json",
  "wrangler.jsonc",
  ".env.example",
  ".gitignore",
  ".mcp.json",
  ".cursor",
  ".vscode",
];
/** The scripts for users. The other scripts run files in `dev/`. */
const SCRIPTS = ["dev", "dev:local", "demo", "build", "build:cf", "prestart", "start"];
const NEEDED_IN_DEVELOPMENT = [
  "@modelcontextprotocol/client",
  "@types/node",
  "@xmcp-dev/clerk-local",
  "@xmcp-dev/compiler",
  "typescript",
  "vitest",
];

const target = resolve(process.argv[2] ?? "dist/template");
if (existsSync(target) && readdirSync(target).length > 0) {
  console.error(`${target} is not empty. Name an empty or new folder.`);
  process.exit(1);
}
mkdirSync(target, { recursive: true });
for (const name of COPIED) cpSync(join(ROOT, name), join(target, name), { recursive: true });
cpSync(join(ROOT, "dev/exported-template"), target, { recursive: true });
writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
console.log(`The template is in ${target}.

Its package.json names @xmcp-dev/clerk and @xmcp-dev/clerk-local by version. Until they are published, install them from
tarballs: npm pack -w @xmcp-dev/clerk -w @xmcp-dev/clerk-local, and in the new folder npm install <the two files>.
Then: npm run demo`);

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
    scripts: { ...picked(scripts, SCRIPTS), test: "npm run build && vitest run" },
    dependencies: byVersion(dependencies),
    devDependencies: byVersion(picked(devDependencies, NEEDED_IN_DEVELOPMENT)),
  };
}

/**
 * @param {Record<string, string>} from
 * @param {readonly string[]} names
 */
function picked(from, names) {
  return Object.fromEntries(names.map((name) => [name, from[name] ?? fail(name)]));
}

/**
 * @param {string} name
 * @returns {never}
 */
function fail(name) {
  throw new Error(`package.json has no ${name}.`);
}

/**
 * Packages that are linked in this repository become dependencies by version.
 *
 * @param {Record<string, string>} dependencies
 */
function byVersion(dependencies) {
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, range]) => [
      name,
      range.startsWith("link:") ? `^${readJson(join(range.slice(5), "package.json")).version}` : range,
    ]),
  );
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(join(ROOT, file), "utf8"));
}
