import { isDevelopment } from "../runtime/platform.js";

/** One problem with the configuration, and its fix. */
export interface ConfigProblem {
  readonly kind: "missing" | "invalid";
  /** The option of `clerkProvider()`. */
  readonly option: string;
  /** The environment variable that can set it, if there is one. */
  readonly environment?: string;
  /** The problem or the expected value, and where to find the right one. */
  readonly fix: string;
  /**
   * `code`: an option of `clerkProvider()`. `files`: the files that `fix` names. Default: the environment if `environment` is
   * present or the value is missing, otherwise a rule.
   */
  readonly source?: "code" | "files";
}

/**
 * Thrown at creation if options and environment do not make a usable configuration. The message lists every problem at
 * once. It never contains values, because one of them may be a secret.
 */
export class ClerkConfigError extends Error {
  override readonly name = "ClerkConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(describe(problems));
    this.problems = problems;
  }
}

function describe(problems: readonly ConfigProblem[]): string {
  const missing = problems.filter((problem) => problem.kind === "missing");
  const invalid = problems.filter((problem) => problem.kind === "invalid");
  const sections = [
    missing.length > 0 ? section("Missing required config:", missing) : undefined,
    invalid.length > 0 ? section("Invalid config:", invalid) : undefined,
  ].filter((text) => text !== undefined);
  const sources = new Set(problems.map(sourceOf));
  const advice = isDevelopment() ? IN_DEVELOPMENT : IN_PRODUCTION;
  // A rule may be in the same file as an option, and its line names that too.
  if (sources.has("rule")) sources.delete("code");
  const lines = [...sources].flatMap((source) => advice[source]);
  return [`[Clerk] ${sections.join("\n")}`, ...lines].join("\n");
}

/**
 * The text for problems that do not stop the server.
 *
 * @param reloads whether saving a change is enough to try it, as in development
 */
export function warning(problems: readonly ConfigProblem[], reloads: boolean): string {
  const correct = problems.every(({ source }) => source === "files") ? [] : [`${CORRECT}.`];
  const afterwards = reloads ? ["The server reloads when you save. In production it would not start."] : [];
  const lines = [
    section("Warning (the server runs anyway):", problems),
    [...correct, ...afterwards].join(" "),
  ];
  return `[Clerk] ${lines.filter(Boolean).join("\n")}`;
}

const SET_VALUES =
  "Set the values in .env (or pass them to clerkProvider) and restart. Without a Clerk account: npm run dev:local";
const CORRECT = "Correct it in src/middleware.ts, or in the file of the tool that is named";
const CORRECT_CODE = `${CORRECT}, and restart.`;

type Source = "environment" | "rule" | NonNullable<ConfigProblem["source"]>;

const IN_PRODUCTION: Readonly<Record<Source, readonly string[]>> = {
  environment: [SET_VALUES],
  code: [CORRECT_CODE],
  rule: [CORRECT_CODE],
  files: [],
};
const IN_DEVELOPMENT: Readonly<Record<Source, readonly string[]>> = {
  environment: [SET_VALUES],
  code: ["Correct src/middleware.ts; the server reloads when you save."],
  rule: [
    "Correct src/middleware.ts, or the file of the tool that is named; the server reloads when you save.",
  ],
  files: [],
};

function sourceOf({ kind, environment, source }: ConfigProblem): Source {
  return source ?? (kind === "missing" || environment !== undefined ? "environment" : "rule");
}

function section(title: string, problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ option, environment, fix, source }) => {
    const shown = source === "files" ? option : `option ${option}`;
    const name = environment ? `${environment} (${shown})` : shown;
    return `  - ${name}: ${fix}`;
  });
  return [title, ...lines].join("\n");
}
