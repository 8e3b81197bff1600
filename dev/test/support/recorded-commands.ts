/** Runs the steps of a GitHub workflow with programs that only record how they are called. */
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { run } from "./program.js";
import { emptyFolder } from "./template.js";

// The package has no types of its own.
const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };

export interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

/** The jobs of a workflow, or of a part of one. */
export function jobsOf(text: string): Readonly<Record<string, Job>> {
  const parsed = yaml.load(text) as { jobs?: Record<string, Job> } & Record<string, Job>;
  return parsed.jobs ?? parsed;
}

/** The commands that the steps of a job call. Each expression `${{ NAME }}` becomes `<NAME>`. */
export async function commandsCalledBy(job: Job, programs: readonly string[]): Promise<string[]> {
  const folder = await emptyFolder();
  const record = join(folder, "calls");
  await writeFile(record, "");
  for (const program of programs) {
    const file = join(folder, program);
    await writeFile(file, `#!/bin/sh\necho "${program} $*" >> "${record}"\n`);
    await chmod(file, 0o755);
  }
  const values = Object.entries(job.env ?? {}).map(([name, value]) => [
    name,
    value.replace(/\$\{\{ (\S+) \}\}/g, "<$1>"),
  ]);
  const env = { ...Object.fromEntries(values), PATH: `${folder}:/usr/bin:/bin` };
  const script = job.steps.flatMap((step) => step.run ?? []).join("\n");
  const { code, output } = await run("sh", ["-eu", "-c", script], { cwd: folder, env });
  if (code !== 0) throw new Error(output);
  return (await readFile(record, "utf8")).trimEnd().split("\n");
}
