import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./support/template.js";
import { PAGES, SOURCES } from "./voice/files.js";
import { cellsOf, codeBlocksOf, proseOf, sentencesOf, wordsOf } from "./voice/page.js";
import { AVOIDED, avoidedIn } from "./voice/words.js";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const LONGEST_SENTENCE = 35;
const LONGEST_CELL = 160;
const MIDDLEWARE = "src/middleware.ts";

function longSentences(page: string): string[] {
  return sentencesOf(page).filter((sentence) => wordsOf(sentence).length > LONGEST_SENTENCE);
}

function longCells(page: string): string[] {
  return cellsOf(page).filter((cell) => cell.length > LONGEST_CELL);
}

/** Code whose file a reader cannot see: a fence shows no info string. */
function unnamedFiles(page: string): string[] {
  return codeBlocksOf(page).flatMap(({ file, above }) =>
    file === undefined || above.includes(`\`${file}\``) ? [] : [file],
  );
}

/** The options that the template's middleware sets. */
function settingsOf(middleware: string): string[] {
  return [...middleware.matchAll(/^ {2}(\w+):/gm)].map(([, name = ""]) => name);
}

/** Settings of the template that come from the environment too, so that leaving them out changes nothing. */
const FROM_ENVIRONMENT = /^ {2}(\w+): process\.env\./gm;

/** Settings of the template that a middleware on a page loses, and the paragraph above does not mention. */
function droppedSettings(page: string, template: string): string[] {
  const inEnvironment = [...template.matchAll(FROM_ENVIRONMENT)].map(([, name]) => name);
  const settings = settingsOf(template).filter((name) => !inEnvironment.includes(name));
  return codeBlocksOf(page)
    .filter(({ file }) => file === MIDDLEWARE)
    .flatMap(({ code, above }) =>
      settings.filter((name) => !new RegExp(`\\b${name}\\b`).test(code) && !above.includes(`\`${name}\``)),
    );
}

describe.each(PAGES)("%s", (path) => {
  it("has no phrase of the word list", () => {
    expect(avoidedIn(proseOf(read(path)))).toEqual([]);
  });

  it(`has no sentence of more than ${LONGEST_SENTENCE} words`, () => {
    expect(longSentences(read(path))).toEqual([]);
  });

  it(`has no table cell of more than ${LONGEST_CELL} characters`, () => {
    expect(longCells(read(path))).toEqual([]);
  });

  it("names the file of each code block above it", () => {
    expect(unnamedFiles(read(path))).toEqual([]);
  });

  it("says so where code leaves out a setting of the template's middleware", () => {
    expect(droppedSettings(read(path), read(MIDDLEWARE))).toEqual([]);
  });
});

it("no message and no comment has a phrase of the word list", () => {
  expect(SOURCES.length).toBeGreaterThan(300);
  const found = SOURCES.flatMap((path) => avoidedIn(read(path)).map((phrase) => `${path}, ${phrase}`));
  expect(found).toEqual([]);
});

describe("each check can fail", () => {
  it.each([
    ["Whoever is signed in may call every tool.", "Whoever"],
    ["It says which step is wrong and what mends it.", "mends"],
    ["What it means, and the cure", "cure"],
    ["if a new tool shall be closed", "shall"],
    ["The client signs in again and goes on.", "goes on"],
    ["Its document is fetched anew.", "anew"],
    ["Two headers, or a token in the query besides.", "besides"],
    ["[Clerk] Warning, the server runs nevertheless", "nevertheless"],
    ["It would fail for want of them.", "for want of"],
    ["The template as it is, and the suite.", "as it is"],
    ["The answer is sent to clients as they are.", "as they are"],
    ["Save it while the server runs and it is there.", "is there"],
    ["it is none, or of another instance", "it is none"],
    ["A defect of Clerk's.", "of Clerk's"],
    ["## What is where", "What is where"],
    ["An exact name goes before a pattern.", "goes before"],
    ["a local stand-in for Clerk", "stand-in"],
    ["What nothing fits falls under `default`.", "What nothing fits"],
    ["which Clerk's set-up sees to.", "sees to"],
    ["It takes anybody's word.", "takes anybody's word"],
    ["The client is told which.", "is told"],
    ["Clerk is asked again behind the caller's back.", "behind the caller's back"],
    ["kept while Clerk is away", "Clerk is away"],
    ["The doctor walks the path of a client.", "walks the path"],
    ["It is as patient and as bounded as the plugin.", "as patient and"],
    ["CORS is the app's affair.", "is the app's affair"],
    ["The outcome cannot be told.", "cannot be told"],
    ["With npm (needs the internet):", "(needs the internet"],
  ])("the word list: %s", (text, phrase) => {
    expect(avoidedIn(text)).toEqual([expect.stringContaining(`"${phrase}"`)]);
  });

  it("every phrase of the list has a case above", async () => {
    const cases = read("dev/test/voice.test.ts")
      .split("\n")
      .filter((line) => /^ {4}\["/.test(line));
    const untried = AVOIDED.filter(({ phrase }) => !cases.some((line) => line.match(phrase) !== null));
    expect(untried.map(({ phrase }) => phrase.source)).toEqual([]);
  });

  it("the word list lets good sentences pass, and what is quoted", () => {
    const page =
      "Fetched with the header of Clerk's API, as it is served, as long as it is valid. Is there a limit? `shall`\n\n```\nanew\n```\n";
    expect(avoidedIn(proseOf(page))).toEqual([]);
    expect(avoidedIn("one\ntwo anew")).toEqual(['line 2: "anew" → again']);
  });

  it("a long sentence, in a paragraph over several lines or in a list", () => {
    const words = (count: number): string => Array.from({ length: count }, () => "word").join(" ");
    expect(longSentences(`${words(20)}\n${words(16)}.`)).toHaveLength(1);
    expect(longSentences(`- ${words(35)}, e.g. \`a\`.\n- More.`)).toHaveLength(1);
    expect(longSentences(`${words(20)}. Then ${words(20)}.\n- ${words(30)}\n- ${words(30)}\n`)).toEqual([]);
    expect(
      longSentences(`## ${words(20)}\n${words(20)}\n| ${words(40)} |\n\`\`\`\n${words(40)}\n\`\`\``),
    ).toEqual([]);
  });

  it("a long cell; the address of a link does not count", () => {
    const long = "x".repeat(161);
    expect(longCells(`| a | b |\n|---|---|\n| short | ${long} |`)).toEqual([long]);
    expect(longCells(`| [a](${long}) | b |`)).toEqual([]);
    expect(longCells(`${"x".repeat(100)} | ${"y".repeat(100)}\n\n\`\`\`\n| ${long} |\n\`\`\``)).toEqual([]);
  });

  it("a code block whose file only the fence names", () => {
    const code = "```ts src/tools/greet.ts\nexport const a = 1;\n```\n";
    expect(unnamedFiles(`Save this:\n\n${code}`)).toEqual(["src/tools/greet.ts"]);
    expect(unnamedFiles(`Save this as \`src/tools/greet.ts\`.\n\nIt greets.\n\n${code}`)).toHaveLength(1);
    expect(unnamedFiles(`Save this as \`src/tools/greet.ts\`:\n\n${code}`)).toEqual([]);
    expect(unnamedFiles("```sh\nnpm install\n```\n")).toEqual([]);
  });

  it("a middleware without the template's scopes", () => {
    const template = read(MIDDLEWARE);
    const block = (code: string): string => `\`\`\`ts ${MIDDLEWARE}\n${code}\n\`\`\`\n`;
    const access = block("export default clerkProvider({ access: {} });");
    expect(droppedSettings(`In \`${MIDDLEWARE}\`:\n\n${access}`, template)).toEqual(["scopes"]);
    expect(
      droppedSettings(`This leaves out \`scopes\`, which is the default:\n\n${access}`, template),
    ).toEqual([]);
    const full = block('export default clerkProvider({ scopes: ["profile"], access: {} });');
    expect(droppedSettings(full, template)).toEqual([]);
  });
});
