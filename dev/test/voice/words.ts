/** A phrase that texts of this repository do not use. */
export interface Avoided {
  readonly phrase: RegExp;
  /** What to write instead. */
  readonly better: string;
}

function avoid(phrase: string, better: string): Avoided {
  return { phrase: new RegExp(phrase, "gi"), better };
}

/** In pages, messages and comments. */
export const AVOIDED: readonly Avoided[] = [
  // Words that a native speaker would not choose.
  avoid(String.raw`\bwho(?:so)?ever\b`, "anyone who, or name the person"),
  avoid(String.raw`\bmend(?:s|ed|ing)?\b`, "fix"),
  avoid(String.raw`\bcure[sd]?\b`, "fix"),
  avoid(String.raw`\bshall\b`, "must, should"),
  avoid(String.raw`\b(?:go|goes|going|went) on(?! to the\b)\b`, "continue"),
  avoid(String.raw`\banew\b`, "again"),
  avoid(String.raw`\bbesides\b`, "also, in addition"),
  avoid(String.raw`\bnevertheless\b`, "anyway, or leave it out"),
  avoid(String.raw`\bfor want of\b`, "without"),
  avoid(
    String.raw`(?<!\b(?:far|long|soon|much|well) )\bas (?:it is|they are)\b(?! (?:\w+ing|\w+ed)\b)`,
    "unchanged, by default",
  ),
  avoid(String.raw`\b(?:is|are|was|were|be) there\b(?! (?:an?|any|no|one|anything)\b)`, "exists, is present"),
  avoid(String.raw`\bit is none\b`, "is invalid, is not one"),
  avoid(String.raw`(?<!\bone )\bof Clerk's(?= own\b|\s*[.,;:)"\x60]|$)`, "from Clerk, Clerk's …"),
  avoid(String.raw`\bwhat is where\b`, "layout"),
  avoid(String.raw`\bgoes before\b`, "takes precedence over"),
  avoid(String.raw`(?<![\w/-])stand-ins?(?!-|\.\w|\w)`, "local Clerk"),
  // Sentences whose subject is a relative clause.
  avoid(String.raw`\bwhat (?:nothing|nobody|no \w+) \w+s\b`, "name the thing"),
  avoid(String.raw`\bsees? to\b(?! \w+ing)`, "ensures"),
  // Software that behaves like a person.
  avoid(String.raw`\btakes? anybody's word\b`, "has no passwords"),
  avoid(String.raw`\b(?:is|are) told\b`, "receives, is reported"),
  avoid(String.raw`\bbehind (?:the|its|their) \w+'s? back\b`, "in the background"),
  avoid(String.raw`\bClerk is away\b`, "Clerk is unreachable"),
  avoid(String.raw`\bwalks the path\b`, "checks each step"),
  avoid(String.raw`\bas patient and\b`, "name the timeouts"),
  avoid(String.raw`\bis the (?:app|proxy|server|client)'s affair\b`, "the app handles it"),
  avoid(String.raw`\bcannot be told\b`, "inconclusive"),
  // What only the tests need.
  avoid(
    String.raw`\((?:[^()]*[;,] )?needs (?:the internet|an account|Claude Code|this change)\b`,
    "an entry in NOT_RUN of docs-commands.test.ts",
  ),
];

/** @returns each phrase of the text that is on the list, with its better word */
export function avoidedIn(text: string): string[] {
  return AVOIDED.flatMap(({ phrase, better }) =>
    [...text.matchAll(phrase)].map((found) => `line ${lineOf(text, found.index)}: "${found[0]}" → ${better}`),
  );
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
