/** Reads Markdown as a person does: sentences, cells of tables, and code with what is said right above it. */

export interface CodeBlock {
  /** The file that the info string of the fence names. */
  readonly file?: string;
  readonly code: string;
  /** The paragraph above, also above other blocks that follow each other. */
  readonly above: string;
}

const FENCE = /^([ >]*)(`{3,})(\w*) ?(\S*).*\n([\s\S]*?)^\1\2 *$/gm;

/** The page without code blocks, comments and front matter, so that only what is read as text is left. */
export function textOf(page: string): string {
  return page.replace(FENCE, blank).replace(/<!--[\s\S]*?-->/g, blank);
}

/** Keeps the lines, so that line numbers stay right. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, "");
}

/** The page without code spans either: commands, names and messages that are quoted. */
export function proseOf(page: string): string {
  return textOf(page).replace(/`[^`\n]+`/g, "`…`");
}

const LIST_ITEM = /^\s*(?:[-*+]|\d+\.)\s/;

/** Each sentence of paragraphs, headings and list items; a row of a table is none. */
export function sentencesOf(page: string): string[] {
  const blocks: string[] = [];
  let isOpen = false;
  for (const line of proseOf(page).split("\n")) {
    const text = line.replace(/^[\s>]+/, "");
    const isText = text !== "" && !text.startsWith("|");
    if (isText && isOpen && !LIST_ITEM.test(line) && !text.startsWith("#"))
      blocks.push(`${blocks.pop()} ${text}`);
    else if (isText) blocks.push(text);
    isOpen = isText && !text.startsWith("#");
  }
  return blocks.flatMap((block) =>
    withoutLinks(block)
      .replace(LIST_ITEM, "")
      .split(/(?<=(?<!\b(?:e\.g|i\.e|vs|etc))[.!?…][)"*”]*)\s+(?=[\p{Lu}\d`"(*[“])/u),
  );
}

export function wordsOf(sentence: string): string[] {
  return sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}…]/u.test(word));
}

/** The cells of all tables, as they are rendered. */
export function cellsOf(page: string): string[] {
  return textOf(page)
    .split("\n")
    .filter((line) => /^\s*\|/.test(line) && !/^[\s|:-]+$/.test(line))
    .flatMap((line) =>
      withoutLinks(line)
        .trim()
        .replace(/^\||\|$/g, "")
        .split(/(?<!\\)\|/),
    )
    .map((cell) => cell.trim());
}

function withoutLinks(text: string): string {
  return text.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1");
}

export function codeBlocksOf(page: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let end = 0;
  for (const found of page.matchAll(FENCE)) {
    const [whole, , , , file = "", code = ""] = found;
    const between = page.slice(end, found.index);
    const paragraph =
      between
        .trim()
        .split(/\n\s*\n/)
        .at(-1) ?? "";
    const above = paragraph === "" ? (blocks.at(-1)?.above ?? "") : paragraph;
    blocks.push({ ...(file === "" ? {} : { file }), code, above });
    end = found.index + whole.length;
  }
  return blocks;
}
