/** Tools, resources and pages for the tests of what runs. Whatever is closed prints and answers CLOSED RAN if it runs. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { edit } from "../support/template.js";

/** A tool that nobody may use, and that has a page. */
export const CLOSED_TOOL = "closed-page";

const RAN = 'console.log("CLOSED RAN"); return "CLOSED RAN";';
const marked = (kind: string) => `console.log("RAN ${kind}", mark); return "RAN " + mark;`;
const CLOSED = 'export const access = "deny";';
const UI = "_meta: { ui: { csp: {} } }";

const FILES: Readonly<Record<string, string>> = {
  "src/tools/closed.ts": `
    export const metadata = { name: "closed", description: "closed\u2028data: {" };
    ${CLOSED}
    export default () => { ${RAN} };`,
  "src/tools/closed-page.ts": `
    export const metadata = { name: "closed-page", description: "closed", ${UI} };
    ${CLOSED}
    export default () => { ${RAN} };`,
  "src/tools/open-page.ts": `
    export const metadata = { name: "open-page", description: "open\u2028data: {", ${UI} };
    export default () => "<p>OPEN RAN</p>";`,
  "src/tools/odd.ts": `
    export const metadata = { name: "docs:delete", description: "A name with a colon" };
    export default () => "ODD RAN";`,
  "src/tools/marked.ts": `
    import { z } from "zod";
    export const metadata = { name: "marked", description: "Says and answers that it ran" };
    export const schema = { mark: z.string() };
    export default ({ mark }: { mark: string }) => { ${marked("tool")} };`,
  "src/prompts/marked.ts": `
    import { z } from "zod";
    export const metadata = { name: "marked", description: "Says and answers that it ran" };
    export const schema = { mark: z.string() };
    export default ({ mark }: { mark: string }) => { ${marked("prompt")} };`,
  "src/prompts/closed.ts": `
    export const metadata = { name: "closed", description: "closed" };
    ${CLOSED}
    export default () => { ${RAN} };`,
  "src/resources/(marks)/[mark]/index.ts": `
    import { z } from "zod";
    export const metadata = { name: "marked", description: "Says and answers that it ran" };
    export const schema = { mark: z.string() };
    export default ({ mark }: { mark: string }) => { ${marked("resource")} };`,
  "src/tools/seen-headers.ts": `
    import { headers } from "xmcp/headers";
    export const metadata = { name: "seen-headers", description: "What a tool sees of the request" };
    export default (_args: unknown, extra: { requestInfo?: { headers?: unknown } }) =>
      JSON.stringify([headers(), extra.requestInfo?.headers ?? null]);`,
  "src/resources/(docs)/closed.ts": `
    export const metadata = { name: "closed page", description: "closed", mimeType: "text/html" };
    ${CLOSED}
    export default () => { ${RAN} };`,
  "src/resources/(docs)/open.ts": `
    export const metadata = { name: "open", description: "open" };
    export default () => "OPEN RAN";`,
};

export async function addClosedThings(cwd: string): Promise<void> {
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), content);
  }
  const config = join(cwd, "xmcp.config.ts");
  await edit(config, "prompts: false", 'prompts: "./src/prompts"');
  await edit(config, "resources: false", 'resources: "./src/resources"');
}
