import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./support/template.js";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const PAGES = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];

const SCAFFOLD = "dev/test/scaffold/scaffolded.ts";
const EXPORTED = "dev/test/scaffold/exported-template.test.ts";
const NEXTJS = "dev/test/scaffold/nextjs.test.ts";
const DOCTOR = ["packages/clerk/test/doctor-command.test.ts", "npx finds the command"] as const;

/** What runs each command of the docs, and the words in it that do. */
const RUN_BY: Readonly<Record<string, readonly [file: string, words: string]>> = {
  "npm install && npm run demo": [SCAFFOLD, 'script("demo")'],
  "npm install && npm test": [".ci/run", "npm install && npm test"],
  "npm test": [".ci/run", "npm install && npm test"],
  "npm pack -w @xmcp-dev/clerk": ["dev/test/support/packed.ts", "pack"],
  "pnpm run demo": [SCAFFOLD, 'script("demo")'],
  "yarn run demo": [SCAFFOLD, 'script("demo")'],
  "bun run demo": [SCAFFOLD, 'script("demo")'],
  "npm run --prefix dev export-template -- ../my-server": [EXPORTED, "dev/scripts/export-template.mjs"],
  "npx @xmcp-dev/clerk add": ["packages/clerk/test/add.test.ts", "add"],
  "npm run demo": ["dev/test/demo.test.ts", "test/demo.mjs"],
  "npm run dev": ["dev/test/dev.test.ts", 'start("xmcp", ["dev"]'],
  "npm run dev:local": ["dev/test/dev-local.test.ts", '"xmcp", "dev"'],
  "npm run build": ["dev/test/build.test.ts", '"npm", ["run", "build"]'],
  "npm run build -- --vercel": ["dev/test/home-page.test.ts", '["build", "--vercel"]'],
  "npm run build:cf": ["dev/test/platforms/platform.ts", 'built("--cf"'],
  "npx xmcp build && node server.mjs": [
    "dev/test/platforms/platform.ts",
    'expectBuilt(cwd, "xmcp", "build")',
  ],
  "npm install next react react-dom && npm install -D @types/react": [NEXTJS, '"install", "-D"'],
  "npx xmcp build && npx next build && npx next start": [NEXTJS, '["next", "start"'],
  "npx -y mcp-remote@0.15.1 http://127.0.0.1:3001/mcp": ["dev/test/mcp-remote.test.ts", "mcp-remote"],
  "npx @modelcontextprotocol/inspector --cli http://127.0.0.1:3001/mcp --transport http --method tools/call --tool-name whoami":
    ["dev/test/inspector.test.ts", "--cli"],
  "npm start": ["dev/test/start.test.ts", 'start("node", [SERVER]'],
  "HOST=… PORT=… BASE_URL=… CLERK_SECRET_KEY=… CLERK_DOMAIN=… node dist/http.js": [
    "dev/test/start.test.ts",
    'start("node", [SERVER]',
  ],
  "npm run --prefix dev docs:reference": ["dev/test/docs.test.ts", "dev/scripts/docs/reference.mjs"],
  "npm run test:system": [".ci/run", "npm run test:system"],
  "npx @xmcp-dev/clerk doctor": DOCTOR,
};

/** What the text says of a command that no test can run: that it takes something that is not here. */
const MARKED =
  /\bneeds (this change|an account|the internet|another machine|Docker|Claude Code|Cursor|VS Code|\w+ minutes)/;

const COMMAND =
  /^([A-Z_]+=\S+ )*(npm|npx|pnpm|yarn|bun|bunx|node|corepack|cp|code|claude|curl|git|apt-get|docker|sudo|wrangler|vercel) /;

interface Mention {
  readonly command: string;
  readonly isMarked: boolean;
}

/** Every command of a page, in a block or in a sentence; a mark stands beside it, or in the paragraph before. */
function commandsOf(page: string): Mention[] {
  const paragraphs = read(page).split(/\n{2,}|\n(?=\|)/);
  return paragraphs.flatMap((paragraph, index) => {
    const isRow = paragraph.startsWith("|");
    const isMarked = MARKED.test(isRow ? paragraph : `${paragraphs[index - 1]}\n${paragraph}`);
    const block = /^ *```(?:sh|bash|console)\n([\s\S]*?)^ *```/m.exec(paragraph)?.[1] ?? "";
    const inBlock = block
      .replaceAll("\\\n", " ")
      .split("\n")
      .map((line) => line.trim().replace(/^\$ /, ""));
    const inText = paragraph.startsWith("```")
      ? []
      : [...paragraph.matchAll(/`([^`\n]+)`/g)]
          .map(([, code = ""]) => code)
          .filter((code) => COMMAND.test(`${code} `));
    return [...inBlock.filter((line) => line !== "" && !line.startsWith("#")), ...inText].map((command) => ({
      command: command.replace(/(?<=\b[A-Z_]+=)\S+/g, "…"),
      isMarked,
    }));
  });
}

it.each(PAGES)("%s: each command is run by a test, or marked with what it needs", (page) => {
  const unknown = commandsOf(page).filter(({ command, isMarked }) => !isMarked && !(command in RUN_BY));
  expect(unknown.map(({ command }) => command)).toEqual([]);
});

it.each(Object.entries(RUN_BY))("%s is run", (command, [file, words]) => {
  expect(read(file)).toContain(words);
  expect(PAGES.flatMap(commandsOf).map((mention) => mention.command)).toContain(command);
});
