/** What `add` does to one file of the project. */
export type Change = Write | ByHand;

export interface Write {
  readonly file: string;
  readonly content: string;
  /** For the person, e.g. `lets nobody in without a token`. */
  readonly does: string;
  /** Something of the user's that goes: they are asked, and it is kept under this name. */
  readonly keeps?: { readonly file: string; readonly content: string };
}

/** What it leaves to the person. */
export interface ByHand {
  readonly file: string;
  readonly byHand: string;
}

/** The text with lines added at its end, which is a new paragraph if there is something before it. */
export function withParagraph(text: string, paragraph: string): string {
  if (text.trim() === "") return paragraph;
  return `${text.trimEnd()}\n\n${paragraph}`;
}
