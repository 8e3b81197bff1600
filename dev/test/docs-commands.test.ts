import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./support/template.js";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const PAGES = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];

type Place = readonly [file: string, call: string];

const DEMO_AFTER_INSTALLATION: Place = ["dev/test/scaffold/scaffolded.ts", 'await script("demo")'];
const ANY_SCRIPT: Place = [
  "dev/test/scaffold/scaffolded.ts",
  'run(manager.command, ["run", script], { cwd, env: manager.env })',
];
const CI: Place = [".ci/run", "bash -c 'npm install && npm test'"];
const START: Place = ["dev/test/start.test.ts", 'start("node", [SERVER]'];
/** `npm run test:clients` runs these. */
const CLIENTS = "dev/test/clients/clients.ts";
const CLIENTS_TEST = "dev/test/clients/clients.test.ts";
const PLATFORM = "dev/test/platforms/platform.ts";
const RECIPES = "dev/test/recipes.test.ts";
const NEXTJS = "dev/test/scaffold/nextjs.test.ts";

/** The places where a package manager runs the demo of a fresh copy. */
function demoWith(file: string, manager: string): readonly Place[] {
  return [
    [`dev/test/scaffold/${file}.test.ts`, `worksWith("${manager}")`],
    ANY_SCRIPT,
    DEMO_AFTER_INSTALLATION,
  ];
}

/** Each documented command, and the calls in tests that run it. */
const RUN_BY: Readonly<Record<string, readonly Place[]>> = {
  "npm install && npm run demo": demoWith("npm", "npm"),
  "npm install": [["dev/test/scaffold/exported-template.test.ts", 'expectOk(cwd, "npm", "install")']],
  "npm install && npm test": [CI],
  "npm test": [CI],
  "npx vitest": [["dev/test/user-tests.test.ts", 'start("vitest", ["--watch"']],
  "node --test test/whoami.node.mjs": [
    ["dev/test/user-tests.test.ts", 'run("node", ["--test", "test/whoami.node.mjs"]'],
  ],
  "pnpm run demo": demoWith("pnpm", "pnpm"),
  "yarn run demo": [...demoWith("yarn-1", "yarn 1"), ...demoWith("yarn-4", "yarn 4")],
  "bun run demo": demoWith("bun", "bun"),
  "npm run export-template -- ../my-server": [
    ["dev/test/scaffold/exported-template.test.ts", '"npm", "run", "export-template", "--", cwd'],
  ],
  "npm run export-template -- --versions ../my-server": [
    ["dev/test/export-template.test.ts", 'exported(["--versions"])'],
  ],
  "npm run add-to -- ../my-app": [
    ["dev/test/scaffold/published-plugin.test.ts", '"npm", "run", "add-to", "--", app'],
  ],
  "npx @xmcp-dev/clerk add": [
    ["packages/clerk/test/add.test.ts", 'run(["add", ...options], {}, folder)'],
    ["packages/clerk/test/doctor-command.test.ts", 'manifest.bin)).toEqual(["./bin/clerk-mcp.js"])'],
  ],
  "npm run demo": [["dev/test/demo.test.ts", 'run("npm", ["run", "demo"]']],
  "npm run dev": [["dev/test/dev.test.ts", 'start("xmcp", ["dev"]']],
  "npm run dev:local": [["dev/test/dev-local.test.ts", 'start("npm", ["run", "dev:local"]']],
  "npm run build": [["dev/test/build.test.ts", 'run("npm", ["run", "build"]']],
  "npm run build -- --vercel": [["dev/test/home-page.test.ts", '["build", "--vercel"]']],
  "npm run build:cf": [
    ["package.json", '"build:cf": "tsc --noEmit && xmcp build --cf"'],
    ["dev/test/build.test.ts", 'run("npm", ["run", "build"]'],
    [PLATFORM, 'built("--cf"'],
  ],
  "npx xmcp build && node server.mjs": [
    [PLATFORM, 'expectBuilt(cwd, "xmcp", "build")'],
    [PLATFORM, 'entry: join(cwd, "server.mjs")'],
  ],
  "npm install next react react-dom && npm install -D @types/react": [
    [NEXTJS, 'expectOk(cwd, "npm", "install", "next@'],
    [NEXTJS, 'expectOk(cwd, "npm", "install", "-D", "@types/react@'],
  ],
  "npx xmcp build && npx next build && npx next start": [
    [PLATFORM, 'expectBuilt(cwd, "npx", "xmcp", "build")'],
    [PLATFORM, 'expectBuilt(cwd, "npx", "next", "build")'],
    [NEXTJS, 'start("npx", ["next", "start"'],
  ],
  "npx -y mcp-remote@0.15.1 http://127.0.0.1:3001/mcp": [
    ["dev/test/mcp-remote.test.ts", 'documentedCommand("npx -y mcp-remote", mcp.url)'],
    ["dev/test/mcp-remote.test.ts", "connect({ command, args, env: browser.env })"],
  ],
  "npx @modelcontextprotocol/inspector --cli http://127.0.0.1:3001/mcp --transport http --method tools/call --tool-name whoami":
    [
      ["dev/test/inspector.test.ts", 'documentedCommand("npx @modelcontextprotocol/inspector --cli", url)'],
      ["dev/test/inspector.test.ts", "finish(...callAsDocumented, ...more)"],
    ],
  "npm start": [START],
  "HOST=… PORT=… BASE_URL=… CLERK_SECRET_KEY=… CLERK_DOMAIN=… node dist/http.js": [START],
  "npm run --prefix dev docs:reference": [
    ["dev/test/docs.test.ts", 'run("node", ["dev/scripts/docs/reference.mjs"'],
  ],
  "claude mcp add --transport http xmcp-clerk http://127.0.0.1:3001/mcp": [
    [CLIENTS, 'documentedCommand("claude mcp add", url)'],
  ],
  "claude mcp login xmcp-clerk": [[CLIENTS, 'documentedCommand("claude mcp login")']],
  "claude mcp list": [[CLIENTS, '["claude", "mcp", "list"]']],
  "claude mcp logout xmcp-clerk": [[CLIENTS, '["claude", "mcp", "logout", ID]']],
  "codex mcp add xmcp-clerk --url http://127.0.0.1:3001/mcp": [
    [CLIENTS, 'documentedCommand("codex mcp add", url)'],
  ],
  "codex mcp login xmcp-clerk": [[CLIENTS, '["codex", "mcp", "login", ID]']],
  "codex mcp login xmcp-clerk --scopes profile,email,offline_access,documents:read": [
    [CLIENTS_TEST, 'scopes = "profile,email,offline_access,documents:read"'],
    [CLIENTS_TEST, '["codex", "mcp", "login", "xmcp-clerk", "--scopes", scopes]'],
  ],
  "codex mcp list": [[CLIENTS_TEST, '["codex", "mcp", "list"]']],
  "codex mcp logout xmcp-clerk": [[CLIENTS, '["codex", ...NO_KEYCHAIN, "mcp", "logout", ID]']],
  "opencode mcp add xmcp-clerk --url http://127.0.0.1:3001/mcp": [
    [CLIENTS, 'documentedCommand("opencode mcp add", url)'],
  ],
  "opencode mcp auth xmcp-clerk": [[CLIENTS, 'documentedCommand("opencode mcp auth")']],
  "opencode mcp logout xmcp-clerk": [[CLIENTS, '["opencode", "mcp", "logout", ID]']],
  "opencode mcp list": [[CLIENTS, '["opencode", "mcp", "list"]']],
  "npx -y add-mcp@2.4.0 http://127.0.0.1:3001/mcp -n xmcp-clerk": [
    [CLIENTS_TEST, 'documentedCommand("npx -y add-mcp", mcp.url)'],
  ],
  "npm run test:clients": [[".github/workflows/ci.yml", "- run: npm run test:clients"]],
  "npm run test:system": [[".ci/run", "m npm run test:system"]],
  "npx @xmcp-dev/clerk server-json": [
    ["packages/clerk/test/server-json.test.ts", 'run(["server-json", "--write"], PUBLIC, folder)'],
    ["packages/clerk/test/doctor-command.test.ts", 'manifest.bin)).toEqual(["./bin/clerk-mcp.js"])'],
  ],
  "npm install postgres && npm install -D @electric-sql/pglite @electric-sql/pglite-socket": [
    ["package.json", '"postgres": "'],
    ["package.json", '"@electric-sql/pglite-socket": "'],
  ],
  "npx pglite-server --db=./.pglite --max-connections=10": [
    ["dev/test/support/pglite.ts", 'start("pglite-server", [port, "--max-connections=10"]'],
  ],
  "GITHUB_API_URL=… npm run dev:local": [
    [
      "examples/connected-accounts/package.json",
      "GITHUB_API_URL=$CLERK_API_URL/providers/github exec xmcp dev",
    ],
    [RECIPES, "GITHUB_API_URL: `"],
  ],
  "node --env-file=.env database/migrate.mjs": [[RECIPES, 'script(server, "database/migrate.mjs"']],
  "npx clerk-local --seed seed.json --state .clerk-local -- xmcp dev": [
    ["examples/access-control/package.json", "clerk-local --seed seed.json --state .clerk-local -- xmcp dev"],
    [RECIPES, 'codeOf("custom-scopes", "seed.json")'],
  ],
  "npm install @opentelemetry/api@1.9.1 @opentelemetry/sdk-metrics@2.12.1 @opentelemetry/sdk-trace-base@2.12.1":
    [
      ["examples/access-control/package.json", '"@opentelemetry/api": "1.9.1"'],
      ["examples/access-control/package.json", '"@opentelemetry/sdk-metrics": "2.12.1"'],
      ["examples/access-control/package.json", '"@opentelemetry/sdk-trace-base": "2.12.1"'],
    ],
  "npx clerk-local -- node --import ./instrumentation.mjs dist/http.js": [
    [RECIPES, 'NODE_OPTIONS: "--import ./instrumentation.mjs"'],
  ],
  "npx @xmcp-dev/clerk doctor --url https://mcp.example.com/mcp": [
    ["packages/clerk/test/doctor-command.test.ts", 'run(["doctor"'],
    ["packages/clerk/test/doctor-command.test.ts", 'manifest.bin)).toEqual(["./bin/clerk-mcp.js"])'],
  ],
  "npx @xmcp-dev/clerk doctor": [
    ["packages/clerk/test/doctor-command.test.ts", 'run(["doctor"'],
    ["packages/clerk/test/doctor-command.test.ts", 'manifest.bin)).toEqual(["./bin/clerk-mcp.js"])'],
  ],
};

/** Documented commands that `npm test` does not run, each with what it needs. */
const NOT_RUN: Readonly<Record<string, string>> = {
  "npx create-xmcp-app --example clerk": "the internet, and the example at xmcp's gallery",
  "npm install xmcp@latest zod@latest @xmcp-dev/compiler@latest && mkdir -p src/resources": "the internet",
  "npm install express": "the internet",
  "npm install fastify": "the internet",
  "npm run --prefix dev test:scaffold": "the internet",
  "npm run --prefix dev conformance": "the internet",
  "npm run --prefix dev bench": "the internet, and an hour",
  "npm install --prefix packages/mcp-auth-conformance/peers/mcp-sdk": "the internet",
  "npx mcp-auth-conformance --required-scopes profile -- node packages/mcp-auth-conformance/peers/mcp-sdk/server.mjs":
    "the internet",
  "npx mcp-auth-conformance --profile clerk --required-scopes profile --closed-tool closed -- node dist/http.js":
    "requiredScopes and a closed tool; dev/test/system/conformance.test.ts runs the suite with both apart",
  "npx @modelcontextprotocol/inspector --transport http --server-url http://127.0.0.1:3001/mcp":
    "a person at its page",
  "npx @xmcp-dev/clerk doctor --url https://mcp.example.com/mcp": "a public server",
  "CLERK_SECRET_KEY=… CLERK_DOMAIN=… npm run --prefix dev test:clerk": "an account",
  "cp .env.example .env": "an account",
  "claude mcp add --transport http clerk-account https://mcp.clerk.com/mcp": "an account",
  "codex mcp add clerk-account --url https://mcp.clerk.com/mcp": "an account",
  "copilot mcp add --transport http xmcp-clerk http://127.0.0.1:3001/mcp": "an account",
  "docker build -t mcp .": "Docker",
  "docker run --rm -p 3001:3001 --env-file .env -e BASE_URL=… mcp": "Docker",
  wrangler: "the internet",
  npx: "the internet",
  "npx wrangler dev --ip 127.0.0.1": "the internet",
  "npx wrangler secret put CLERK_SECRET_KEY": "an account",
  "npm run build:cf && npx wrangler deploy": "an account",
  "npx wrangler tail": "an account",
  "npx wrangler secret put CLERK_SECRET_KEY --env staging": "an account",
  "npx clerk-local": "nothing; packages/clerk-local/test/cli.test.ts runs the command in other ways",
  "npx clerk-local --": "a command; it names the beginning of one that is run",
  "node --env-file=.env scripts/create-key.mjs org_local000000000000000000acme":
    "what another command printed; dev/test/recipes.test.ts runs the script",
  "claude mcp add --transport http --client-id client_local0000000000invoice0manager --callback-port 3118 invoices http://127.0.0.1:3001/mcp":
    "Claude Code; npm run test:clients signs it in",
};

/** The mark of a command that no test can run, because it needs something that is not available. */
const MARKED = /\bneeds (this change|an account|the internet|another machine|Docker|\w+ minutes)/;

/** Programs of clients that no test runs. docs/start/clients.md says so of each, and a test compares its table. */
const OF_A_CLIENT = /^(code|cline|devin|gemini|goose|copilot) /;
const CLIENTS_PAGE = "docs/start/clients.md";

const COMMAND =
  /^([A-Z_]+=\S+ )*(npm|npx|pnpm|yarn|bun|bunx|node|corepack|cp|code|claude|codex|opencode|cline|devin|gemini|goose|copilot|curl|git|apt-get|docker|sudo|wrangler|vercel) /;

interface Mention {
  readonly command: string;
  readonly isMarked: boolean;
}

/** Every command of a page, in a block or in a sentence. Its mark is in the same paragraph or in the one before. */
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

it.each(PAGES)("%s: a test runs each command, or NOT_RUN says what it needs", (page) => {
  const unknown = commandsOf(page).filter(
    ({ command, isMarked }) =>
      !isMarked &&
      !(command in RUN_BY) &&
      !(command in NOT_RUN) &&
      !(page === CLIENTS_PAGE && OF_A_CLIENT.test(command)),
  );
  expect(unknown.map(({ command }) => command)).toEqual([]);
});

it.each(Object.entries(RUN_BY))("a test runs %s", (command, places) => {
  for (const [file, call] of places) expect(read(file)).toContain(call);
  expect(PAGES.flatMap(commandsOf).map((mention) => mention.command)).toContain(command);
});
