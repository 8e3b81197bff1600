/** The recipes of `docs/recipes`, as their pages print them, in one exported template with one build. */
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type TestServer, type TestServerOptions, testServer } from "@xmcp-dev/clerk-local/testing";
import { atEnd } from "./at-end.js";
import { run } from "./program.js";
import { buildQuickly, emptyFolder, ROOT } from "./template.js";

const FOLDER = join(ROOT, "docs/recipes");
const MIDDLEWARE = "src/middleware.ts";
/** Files that belong to one stage or one platform. Tests read these from the pages. */
const LEFT_OUT = /^\.(env|github)/;

export const RECIPES: readonly string[] = readdirSync(FOLDER).map((file) => basename(file, ".md"));

export interface CodeBlock {
  readonly file: string;
  readonly code: string;
}

/** The code blocks of a recipe that name a file, in the order of the page. */
export function blocksOf(recipe: string): CodeBlock[] {
  const blocks = readFileSync(join(FOLDER, `${recipe}.md`), "utf8").matchAll(
    /^```\w+ (\S+)\n([\s\S]*?)^```$/gm,
  );
  return [...blocks].map(([, file = "", code = ""]) => ({ file, code }));
}

/** The code of a file on the page of a recipe. */
export function codeOf(recipe: string, file: string): string {
  const block = blocksOf(recipe).find((candidate) => candidate.file === file);
  if (block === undefined) throw new Error(`${recipe}.md has no code for ${file}.`);
  return block.code;
}

/**
 * An exported template with the files of all recipes. The variable `RECIPE` chooses the middleware, so that one build
 * serves all. Create it outside of tests: its servers stop after the test file.
 */
export class RecipeProject {
  readonly folder: string;
  readonly #servers = new Set<TestServer>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<RecipeProject> {
    const folder = join(await emptyFolder(), "project");
    const { code, output } = await run("node", ["dev/scripts/export-template.mjs", "--versions", folder], {
      cwd: ROOT,
    });
    if (code !== 0) throw new Error(output);
    for (const part of ["packages", "node_modules"])
      await symlink(join(ROOT, part), join(folder, part), "junction");
    await buildQuickly(folder);
    const project = new RecipeProject(folder);
    atEnd(() => Promise.all([...project.#servers].map((server) => server.stop())));
    await project.#writeRecipes();
    return project;
  }

  /** The server of a recipe beside a local Clerk of its own. */
  async server(recipe: string, options: TestServerOptions = {}): Promise<TestServer> {
    const env = { RECIPE: recipe, ...options.env };
    const server = await testServer({ ...options, cwd: this.folder, env });
    this.#servers.add(server);
    return server;
  }

  async #writeRecipes(): Promise<void> {
    await rename(join(this.folder, MIDDLEWARE), join(this.folder, "src/template.middleware.ts"));
    const written = new Map<string, string>();
    for (const recipe of RECIPES) {
      for (const { file, code } of blocksOf(recipe)) {
        if (LEFT_OUT.test(file)) continue;
        const path = file === MIDDLEWARE ? `src/${recipe}.middleware.ts` : file;
        const earlier = written.get(path);
        if (earlier !== undefined) throw new Error(`${recipe} and ${earlier} both have a file ${path}.`);
        written.set(path, recipe);
        await mkdir(dirname(join(this.folder, path)), { recursive: true });
        await writeFile(join(this.folder, path), code);
      }
    }
    const ways = RECIPES.map((recipe) => {
      const name = written.has(`src/${recipe}.middleware.ts`) ? recipe : "template";
      return `  "${recipe}": () => import("./${name}.middleware"),`;
    });
    const chosen = `const ways: Record<string, () => Promise<{ default: unknown }>> = {\n${ways.join("\n")}\n};
const way = ways[process.env.RECIPE ?? ""] ?? (() => import("./template.middleware"));
export default (await way()).default;\n`;
    await writeFile(join(this.folder, MIDDLEWARE), chosen);
  }
}
