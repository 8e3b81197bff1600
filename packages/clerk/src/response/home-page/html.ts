/** HTML with every inserted text escaped, and inserted `Html` unchanged. */
export class Html {
  constructor(readonly text: string) {}
}

type Insert = string | Html | readonly Html[];

export function html(strings: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  return new Html(String.raw({ raw: strings }, ...inserts.map(inserted)));
}

function inserted(insert: Insert): string {
  if (typeof insert === "string") return insert.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return insert instanceof Html ? insert.text : insert.map(inserted).join("");
}
