// npm run export-template [folder]: writes the template without what this repository has around it, as a gallery of
// templates would carry it. The plugin and the stand-in become dependencies by version.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { exportedReadme, OWN_WORDS } from "./exported-template/readme.mjs";

const ROOT = resolve(import.meta.dirname, "../..");
const COPIED = ["src", "xmcp.config.ts", ".gitignore", ".mcp.json", ".cursor", ".vscode", "wrangler.jsonc"];
const NEEDED_IN_DEVELOPMENT = [
  "@modelcontextprotocol/client",
  "@types/node",
  "@xmcp-dev/clerk-local",
  "@xmcp-dev/compiler",
  "typescript",
  "vitest",
];

const SCRIPTS = {
  dev: "xmcp dev",
  "dev:local": "clerk-local --port 4400 --state .clerk-local -- xmcp dev",
  demo: "npm run build && node test/demo.mjs",
  build: "tsc --noEmit && xmcp build",
  "build:cf": "tsc --noEmit && xmcp build --cf",
  start: "node dist/http.js",
  test: "npm run build && vitest run",
};

const target = resolve(process.argv[2] ?? "dist/template");
if (existsSync(target) && readdirSync(target).length > 0) {
  console.error(`${target} is not empty. Name a folder that is empty or not there yet.`);
  process.exit(1);
}
for (const name of COPIED) cpSync(join(ROOT, name), join(target, name), { recursive: true });
write("package.json", manifest());
write("tsconfig.json", edited("tsconfig.json", [['["src", ', '["src", "test", ']]));
write(".env.example", edited(".env.example", [["\n# More settings: docs/reference.md\n", ""]]));
write("test/server.test.ts", read("scripts/exported-template/server.test.ts"));
write(
  "test/demo.mjs",
  edited("scripts/demo.mjs", [
    ['import { buildIfNeeded } from "./build-if-needed.mjs";\n', ""],
    ["buildIfNeeded();\n", ""],
  ]),
);
write("README.md", exportedReadme(edited("README.md", OWN_WORDS), read("docs/getting-started.md")));
console.log(`The template is in ${target}. Next: npm install && npm run demo`);

function manifest() {
  const { name, version, description, license, engines, dependencies, devDependencies } = JSON.parse(
    read("package.json"),
  );
  const needed = Object.fromEntries(NEEDED_IN_DEVELOPMENT.map((needs) => [needs, devDependencies[needs]]));
  const exported = {
    name,
    version,
    private: true,
    description,
    license,
    engines,
    scripts: SCRIPTS,
    dependencies: byVersion(dependencies),
    devDependencies: byVersion(needed),
  };
  return `${JSON.stringify(exported, null, 2)}\n`;
}

/**
 * What is linked here is installed there.
 *
 * @param {Record<string, string>} dependencies
 */
function byVersion(dependencies) {
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, range]) => [
      name,
      range.startsWith("link:")
        ? `^${JSON.parse(read(join(range.slice(5), "package.json"))).version}`
        : range,
    ]),
  );
}

/** @param {string} file */
function read(file) {
  return readFileSync(join(ROOT, file), "utf8");
}

/**
 * A file of this repository with some of its texts replaced, which must be there.
 *
 * @param {string} file
 * @param {readonly [before: string, after: string][]} replacements
 */
function edited(file, replacements) {
  return replacements.reduce((text, [before, after]) => {
    if (!text.includes(before)) throw new Error(`${file} does not contain ${before}`);
    return text.replace(before, after);
  }, read(file));
}

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  const path = join(target, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
