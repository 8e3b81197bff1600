/** One problem with the configuration, and its fix. */
export interface ConfigProblem {
  readonly kind: "missing" | "invalid";
  /** The option of `clerkProvider()`. */
  readonly option: string;
  /** The environment variable that can set it, if there is one. */
  readonly environment?: string;
  /** The problem or the expected value, and where to find the right one. */
  readonly fix: string;
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
  return `[Clerk] ${sections.join("\n")}\n${problems.some(isValue) ? SET_VALUES : CORRECT_CODE}`;
}

/**
 * The text for problems that do not stop the server.
 *
 * @param reloads whether saving a change is enough to try it, as in development
 */
export function warning(problems: readonly ConfigProblem[], reloads: boolean): string {
  const afterwards = reloads ? " The server reloads when you save. In production it would not start." : "";
  return `[Clerk] ${section("Warning (the server runs anyway):", problems)}\n${CORRECT}.${afterwards}`;
}

const SET_VALUES =
  "Set the values in .env (or pass them to clerkProvider) and restart. Without a Clerk account: npm run dev:local";
const CORRECT = "Correct it in src/middleware.ts, or in the file of the tool that is named";
const CORRECT_CODE = `${CORRECT}, and restart.`;

/** Whether a person has to look up a value, as opposed to a mistake in code. */
function isValue({ kind, environment }: ConfigProblem): boolean {
  return kind === "missing" || environment !== undefined;
}

function section(title: string, problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ option, environment, fix }) => {
    const name = environment ? `${environment} (option ${option})` : `option ${option}`;
    return `  - ${name}: ${fix}`;
  });
  return [title, ...lines].join("\n");
}
