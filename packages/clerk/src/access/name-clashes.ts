import type { ConfigProblem } from "../errors/config-error.js";
import type { Declaration, Declarations } from "./catalogue.js";

/** A name, and the file that has it. */
type Named = readonly [name: string, path: string];

/**
 * Names that two files have: a rule could not tell which of them it is for, and the MCP SDK refuses to register the second.
 * It also refuses names that every JavaScript object has.
 */
export function nameClashes({ tools, prompts, resources }: Declarations): readonly ConfigProblem[] {
  const pages = tools.flatMap(({ page, path }): readonly Named[] =>
    page === undefined ? [] : [[page, path]],
  );
  const templates = resources.flatMap(({ templateName, path }): readonly Named[] =>
    templateName === undefined ? [] : [[templateName, path]],
  );
  return [
    ...clashesIn("tools", tools.map(named)),
    ...clashesIn("prompts", prompts.map(named)),
    ...clashesIn("resources", [...resources.map(named), ...pages]),
    ...clashesIn("resource templates", templates),
  ];
}

function named({ name, path }: Declaration): Named {
  return [name, path];
}

function clashesIn(kind: string, names: readonly Named[]): readonly ConfigProblem[] {
  const clash = (option: string, fix: string): ConfigProblem => ({
    kind: "invalid",
    option,
    fix,
    source: "files",
  });
  const paths = new Map<string, string[]>();
  for (const [name, path] of names) paths.set(name, [...(paths.get(name) ?? []), path]);
  return [...paths].flatMap(([name, files]): readonly ConfigProblem[] => {
    const option = `${kind} → ${name}`;
    const listed = files.sort().join(" and ");
    if (name in {})
      return [clash(option, `${listed} cannot have this name, which JavaScript uses; rename it`)];
    if (files.length === 1) return [];
    return [clash(option, `${listed} both have this name; rename one (metadata.name)`)];
  });
}
