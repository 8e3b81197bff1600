import type { Change } from "./changes.js";
import type { Project } from "./project.js";

const FILE = ".gitignore";

/** `.gitignore`: a secret key is about to be written into `.env`. */
export function ignoredFiles(project: Project): Change | undefined {
  const text = project.read(FILE) ?? "";
  if (/^\/?\.env\*?[ \t]*$/m.test(text)) return undefined;
  const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return {
    file: FILE,
    content: `${before}.env\n`,
    does: "keeps .env, where the secret key goes, out of git",
  };
}
