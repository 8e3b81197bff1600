/** A small server built by xmcp, with one tool, prompt and resource per name. Each counts its runs. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Access, ClerkProviderOptions } from "@xmcp-dev/clerk";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { type McpServer, startServer } from "@xmcp-dev/clerk-local/testing";
import { afterAll } from "vitest";

const NODE_MODULES = resolve(import.meta.dirname, "../../../node_modules");

const RUNS = `
const runs: Record<string, number> = {};
export function ran(what: string): string {
  runs[what] = (runs[what] ?? 0) + 1;
  return "ran " + what;
}
export const allRuns = (): string => JSON.stringify(runs);
`;

const MIDDLEWARE = `
import { clerkProvider } from "@xmcp-dev/clerk";
export default clerkProvider(JSON.parse(process.env.OPTIONS ?? "{}"));
`;

const CONFIG = `
import { serveOnNode } from "@xmcp-dev/clerk/bundler";
export default {
  http: { endpoint: "/mcp", host: "127.0.0.1", port: 3001 },
  paths: { tools: "./src/tools", prompts: "./src/prompts", resources: "./src/resources" },
  bundler: serveOnNode,
};
`;

const REFUSES = `
import { AccessDenied } from "@xmcp-dev/clerk";
export default () => { throw new AccessDenied("This is somebody else's document."); };
`;

const FAILS = `
export default () => { throw new Error("It failed. ".repeat(100_000)); };
`;

const TSCONFIG = {
  compilerOptions: { target: "ES2022", module: "ESNext", moduleResolution: "Bundler", skipLibCheck: true },
  include: ["src"],
};

/** The `access` export of the files of each name. */
export type OwnRules = Readonly<Record<string, Access>>;

/**
 * Builds the server in a folder that is deleted after the test file.
 *
 * @param names each becomes a tool, a prompt and the resource `records://name`
 * @param templates each becomes a resource `name://{id}`
 */
export function builtApp(names: readonly string[], templates: readonly string[], own: OwnRules): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "xmcp-clerk-access-")));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const declared = (name: string) =>
    own[name] === undefined ? "" : `export const access = ${JSON.stringify(own[name])};\n`;
  const counted = (name: string, kind: string, depth: string) => `
    import { ran } from "${depth}runs";
    export const metadata = { name: "${name}", description: "${name}" };
    ${declared(name)}
    export default () => ran("${kind} ${name}");`;

  write("package.json", '{ "private": true, "type": "module" }');
  write("tsconfig.json", JSON.stringify(TSCONFIG));
  write("xmcp.config.ts", CONFIG);
  write("src/middleware.ts", MIDDLEWARE);
  write("src/runs.ts", RUNS);
  write("src/tools/runs.ts", 'import { allRuns } from "../runs";\nexport default () => allRuns();');
  write("src/tools/refuses.ts", REFUSES);
  write("src/tools/fails-at-length.ts", FAILS);
  for (const name of names) {
    write(`src/tools/${name}.ts`, counted(name, "tools", "../"));
    write(`src/prompts/${name}.ts`, counted(name, "prompts", "../"));
    write(`src/resources/(records)/${name}.ts`, counted(name, "resources", "../../"));
  }
  for (const name of templates) {
    const content = `
      import { z } from "zod";
      import { ran } from "../../../runs";
      export const schema = { id: z.string() };
      export const metadata = { name: "${name} by id", description: "${name}" };
      ${declared(name)}
      export default ({ id }: { id: string }) => ran("${name} " + id);`;
    write(`src/resources/(${name})/[id]/index.ts`, content);
  }
  symlinkSync(NODE_MODULES, join(folder, "node_modules"), "junction");
  execFileSync(process.execPath, [join(NODE_MODULES, "xmcp/dist/cli.js"), "build"], { cwd: folder });
  return folder;
}

/** Starts the built server on a free port, with these options of `clerkProvider()`. */
export async function runningApp(
  folder: string,
  clerk: ClerkLocal,
  options: ClerkProviderOptions,
): Promise<McpServer> {
  const server = await startServer({ ...clerk.env, OPTIONS: JSON.stringify(options) }, { cwd: folder });
  afterAll(() => server.stop());
  return server;
}
