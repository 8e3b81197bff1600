/** The commands and files in docs/start/clients.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./template.js";

export const PAGE = readFileSync(join(ROOT, "docs/start/clients.md"), "utf8");

/** The address used on the page. */
export const LOCAL_URL = "http://127.0.0.1:3001/mcp";

/** The installed version of a development dependency. */
export function installedVersion(name: string): string | undefined {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  return devDependencies[name];
}

interface Block {
  readonly language: string;
  /** The file that the block belongs in. Empty for a command. */
  readonly file: string;
  readonly text: string;
}

export const BLOCKS: readonly Block[] = [...PAGE.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map(
  ([, language = "", file = "", text = ""]) => ({ language, file, text: text.trim() }),
);

/** The words of the command that begins with `beginning`, for a server at another address. */
export function documentedCommand(beginning: string, url = LOCAL_URL): string[] {
  const block = BLOCKS.find(({ language, text }) => language === "sh" && text.startsWith(beginning));
  if (block === undefined)
    throw new Error(`docs/start/clients.md has no command that begins with ${beginning}`);
  return block.text.replace(LOCAL_URL, url).split(" ");
}

/** The documented content of a file, for a server at another address. */
export function documentedJson(file: string, url = LOCAL_URL): unknown {
  const block = BLOCKS.find((candidate) => candidate.file === file);
  if (block === undefined) throw new Error(`docs/start/clients.md does not say what is in ${file}`);
  return JSON.parse(block.text.replace(LOCAL_URL, url));
}
