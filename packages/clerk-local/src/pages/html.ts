/** HTML that escapes every inserted value. */

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Insert = string | number | Html | readonly Html[] | false | undefined;

export function html(strings: TemplateStringsArray, ...inserts: Insert[]): Html {
  return new Html(strings.reduce((before, part, index) => before + render(inserts[index - 1]) + part));
}

function render(insert: Insert): string {
  if (insert === undefined || insert === false) return "";
  if (insert instanceof Html) return insert.text;
  if (typeof insert === "object") return insert.map(render).join("");
  return String(insert).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
