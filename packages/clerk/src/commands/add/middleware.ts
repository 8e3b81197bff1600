import type { Change } from "./changes.js";
import type { Project } from "./project.js";

const FILE = "src/middleware.ts";

const CONTENT = `import { clerkProvider } from "@xmcp-dev/clerk";

export default clerkProvider({ scopes: ["profile", "email"] });
`;

/** `src/middleware.ts`. One that uses the plugin already stays as it is. */
export function middleware(project: Project): Change | undefined {
  const text = project.read(FILE);
  if (text?.includes("@xmcp-dev/clerk")) return undefined;
  return {
    file: FILE,
    content: CONTENT,
    does: "lets nobody in without a token of Clerk",
    ...(text !== undefined && { keeps: { file: unusedName(project), content: text } }),
  };
}

function unusedName(project: Project): string {
  let name = `${FILE}.old`;
  for (let count = 2; project.read(name) !== undefined; count++) name = `${FILE}.old${count}`;
  return name;
}
