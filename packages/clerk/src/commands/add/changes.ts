import { PACKAGES, specifierOf, type Tarball } from "./packages.js";
import { CannotAdd, type Manifest, type Project } from "./project.js";

/** A change to one file of the project. */
export type Change = Write | ByHand;

export interface Write {
  readonly file: string;
  readonly content: string | Uint8Array;
  /** A summary for the person, e.g. `refuses every request without a Clerk token`. */
  readonly does: string;
  /** A file of the user's that is replaced, only with consent, and kept under this name. */
  readonly keeps?: { readonly file: string; readonly content: string };
}

/** A change that the person has to make. */
export interface ByHand {
  readonly file: string;
  readonly byHand: string;
}

/** Appends a paragraph to the text. */
export function withParagraph(text: string, paragraph: string): string {
  if (text.trim() === "") return paragraph;
  return `${text.trimEnd()}\n\n${paragraph}`;
}

const XMCP_CONFIG = "xmcp.config.ts";

const IMPORT = 'import { serveOnNode, serveOnWorkers } from "@xmcp-dev/clerk/bundler";\n';
/** Each function leaves the builds for other platforms unchanged. */
const SETTING = "bundler: (config: object) => serveOnWorkers(serveOnNode(config)),";

/** The start of the configuration: `const config: XmcpConfig = {` or `export default {`. */
const CONFIGURATION = /(?:XmcpConfig\s*=|export\s+default)\s*\{/;

const BY_HAND = `Add ${IMPORT.trim()} and, to the configuration, ${SETTING} The built server then reads PORT and HOST, and a build for Workers lets callers sign in.`;

/**
 * `xmcp.config.ts`: `bundler`.
 *
 * @throws {CannotAdd} when the project has no HTTP server to protect
 */
export function xmcpConfig(project: Project): Change | undefined {
  const text = project.read(XMCP_CONFIG);
  if (text === undefined)
    throw new CannotAdd("There is no xmcp.config.ts here. Run this in the folder of an xmcp project.");
  if (!/\bhttp\s*:\s*(?!false)/.test(text)) {
    throw new CannotAdd(
      "xmcp.config.ts has no HTTP server, and nothing else needs a sign-in. Add http: true to it first.",
    );
  }
  if (text.includes("@xmcp-dev/clerk/bundler")) return undefined;
  const start = CONFIGURATION.exec(text);
  if (start === null || /\bbundler\b/.test(text)) return { file: XMCP_CONFIG, byHand: BY_HAND };
  const at = start.index + start[0].length;
  const gap = /^\s*\n/.test(text.slice(at)) ? "\n  " : " ";
  return {
    file: XMCP_CONFIG,
    content: `${IMPORT}${text.slice(0, at)}${gap}${SETTING}${text.slice(at)}`,
    does: "the built server reads PORT and HOST and finishes running calls; a Worker lets callers sign in",
  };
}

const MIDDLEWARE = "src/middleware.ts";

const CONTENT = `import { clerkProvider } from "@xmcp-dev/clerk";

export default clerkProvider({ scopes: ["profile", "email"] });
`;

/** `src/middleware.ts`. A file that uses the plugin already stays unchanged. */
export function middleware(project: Project): Change | undefined {
  const text = project.read(MIDDLEWARE);
  if (text?.includes("@xmcp-dev/clerk")) return undefined;
  return {
    file: MIDDLEWARE,
    content: CONTENT,
    does: "refuses every request without a Clerk token",
    ...(text !== undefined && { keeps: { file: unusedName(project), content: text } }),
  };
}

function unusedName(project: Project): string {
  let name = `${MIDDLEWARE}.old`;
  for (let count = 2; project.read(name) !== undefined; count++) name = `${MIDDLEWARE}.old${count}`;
  return name;
}

const MANIFEST = "package.json";

/** Keeps its state in node_modules, which git ignores. */
const DEV_LOCAL = "clerk-local --state node_modules/.clerk-local -- xmcp dev";

/** Copies of the tarballs. A package that the project declares already gets none. */
export function copies(project: Project, tarballs: readonly Tarball[]): readonly Change[] {
  return tarballs
    .filter(({ name }) => !isDeclared(project.manifest, name))
    .map(({ name, file, content }) => ({ file, content, does: `the package ${name}` }));
}

/**
 * `package.json`: the plugin, the local Clerk for development, and a script that starts with it.
 *
 * @param tarballs in place of versions
 */
export function dependencies(project: Project, tarballs: readonly Tarball[]): Change | undefined {
  const text = project.read(MANIFEST) ?? "";
  const manifest = structuredClone(project.manifest);
  for (const [name, kind] of Object.entries(PACKAGES)) {
    declare(manifest, kind, name, specifierOf(name, tarballs));
  }
  manifest.scripts = { ...manifest.scripts };
  manifest.scripts["dev:local"] ??= DEV_LOCAL;
  if (JSON.stringify(manifest) === JSON.stringify(project.manifest)) return undefined;
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  const end = text.endsWith("\n") ? "\n" : "";
  return {
    file: MANIFEST,
    content: JSON.stringify(manifest, null, indent) + end,
    does: "depends on @xmcp-dev/clerk; dev:local runs without a Clerk account",
  };
}

function isDeclared({ dependencies, devDependencies }: Manifest, name: string): boolean {
  return (dependencies?.[name] ?? devDependencies?.[name]) !== undefined;
}

/** Alphabetical order, as package managers write it. */
function declare(
  manifest: Manifest,
  kind: "dependencies" | "devDependencies",
  name: string,
  range: string,
): void {
  if (isDeclared(manifest, name)) return;
  const all = Object.entries({ ...manifest[kind], [name]: range });
  manifest[kind] = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Commented out: a variable that is empty when xmcp starts would stay empty after it is filled in. */
const KEYS: Readonly<Record<string, string>> = {
  CLERK_SECRET_KEY:
    "# Clerk Dashboard → Configure → API keys → Secret keys\n# CLERK_SECRET_KEY=sk_test_...\n",
  CLERK_DOMAIN:
    "# Clerk Dashboard → Configure → API keys → Frontend API URL, without https://\n# CLERK_DOMAIN=your-app-00.clerk.accounts.dev\n",
  BASE_URL:
    "# The URL of this server for clients: scheme, host and port, without a path\n# BASE_URL=http://127.0.0.1:3001\n",
};

/** `.env.example`, and `.env` if it exists. A key that is present, with a value or as a comment, stays unchanged. */
export function environmentKeys(project: Project): readonly Change[] {
  const files = project.read(".env") === undefined ? [".env.example"] : [".env.example", ".env"];
  return files.flatMap((file) => {
    const text = project.read(file) ?? "";
    const missing = Object.entries(KEYS).filter(
      ([name]) => !new RegExp(`^[ \\t]*(#[ \\t]*)?(export[ \\t]+)?${name}[ \\t]*=`, "m").test(text),
    );
    if (missing.length === 0) return [];
    return [
      {
        file,
        content: withParagraph(text, missing.map(([, lines]) => lines).join("\n")),
        does: `names ${missing.map(([name]) => name).join(", ")}, as comments`,
      },
    ];
  });
}

const GITIGNORE = ".gitignore";

/** `.gitignore`: the secret key goes into `.env`. */
export function ignoredFiles(project: Project): Change | undefined {
  const text = project.read(GITIGNORE) ?? "";
  if (/^\/?\.env\*?[ \t]*$/m.test(text)) return undefined;
  const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return {
    file: GITIGNORE,
    content: `${before}.env\n`,
    does: "keeps .env, which has the secret key, out of git",
  };
}
