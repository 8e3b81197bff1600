/**
 * What this repository's README says of things that are not exported, and what stands in its place.
 *
 * @type {readonly [before: string, after: string][]}
 */
export const OWN_WORDS = [
  [
    ` Other clients, which of them are
tested here, and what to do when one fails: [clients](docs/clients.md).`,
    "",
  ],
  [
    `<img src="docs/images/sign-in.png" alt="The sign-in page: Ada, Bob, Grace" width="380"> <img src="docs/images/consent.png" alt="The consent page: what the client will see, and for which server" width="380">

`,
    "",
  ],
  [
    `:
[tools and sessions](docs/tools-and-sessions.md). They can act for an [organization](docs/organizations.md).`,
    ". Whoever calls can act for an\norganization: `getSession().organizationId`.",
  ],
  [
    ` All of it, and API keys and machines as callers:
[who may do what](docs/access.md). A whole app with it: [examples/access-control](examples/access-control/README.md).`,
    " Your editor shows\nwhat else `clerkProvider` can be told.",
  ],
];

/** Sections in place of this repository's; an empty one is left out. */
const OWN_SECTIONS = {
  "See it work": `
You need Node 20.19 or newer. A real MCP client signs in and calls the four tools; no browser, no account:

\`\`\`sh
npm install && npm run demo
\`\`\`

Your own tests are in \`test/\`: they start the built server beside the stand-in, and sign a client in.

\`\`\`sh
npm test
\`\`\`
`,
  "Go live": `
- **On a server of yours**: \`npm run build\`, and \`npm start\` with the same three values in its environment. \`BASE_URL\` is the
  address that clients use; \`HOST\` and \`PORT\` say where it listens.
- **On Vercel**: import the repository, and set \`CLERK_SECRET_KEY\` and \`CLERK_DOMAIN\`. The address comes from Vercel's variables.
- **On Cloudflare Workers**: \`npm run build:cf\` makes \`worker.js\`. Set \`CLERK_DOMAIN\` and \`BASE_URL\` under \`vars\` in
  \`wrangler.jsonc\`, the key with \`npx wrangler secret put CLERK_SECRET_KEY\`, then \`npx wrangler deploy\`.
`,
  "When something is wrong": `
\`npx @xmcp-dev/clerk doctor\` walks the path of a client and says which step is wrong and what mends it.
`,
  More: "",
  "What is where": `
| | |
|---|---|
| \`src/tools/\`, \`src/middleware.ts\` | your server |
| \`test/\` | your tests, and the demo |
| \`xmcp.config.ts\` | xmcp's settings |
| \`wrangler.jsonc\` | Cloudflare's; not needed elsewhere |
| \`.mcp.json\`, \`.cursor/\`, \`.vscode/\` | for the assistant that works in this folder: this server, and Clerk's documentation |
| \`@xmcp-dev/clerk\` | the plugin |
| \`@xmcp-dev/clerk-local\` | the stand-in for Clerk, in development only |

| script | does |
|---|---|
| \`npm run dev\` | hot-reloading server against the Clerk instance in \`.env\` |
| \`npm run dev:local\` | the same against the stand-in |
| \`npm run demo\` | builds, signs a client in and calls the tools, by itself |
| \`npm run build\` | type check and production build |
| \`npm run build:cf\` | the same for Cloudflare Workers |
| \`npm start\` | runs the build |
| \`npm test\` | builds, and runs your tests |
`,
};

const CONNECT = "Connect it to Clerk";

/**
 * The README of the exported folder.
 *
 * @param {string} readme this repository's, with {@link OWN_WORDS}
 * @param {string} gettingStarted docs/getting-started.md, whose steps to connect it to Clerk are there in its place
 */
export function exportedReadme(readme, gettingStarted) {
  const [start, ...sections] = sectionsOf(readme);
  const titles = sections.map(titleOf);
  const missing = Object.keys(OWN_SECTIONS).filter((title) => !titles.includes(title));
  const steps = sectionsOf(gettingStarted).find((section) => titleOf(section) === CONNECT);
  if (missing.length > 0 || !steps) {
    throw new Error(
      `These sections are gone from the docs: ${[...missing, ...(steps ? [] : [CONNECT])].join(", ")}.`,
    );
  }
  const own = new Map(Object.entries(OWN_SECTIONS));
  const parts = sections.flatMap((section) => {
    const title = titleOf(section);
    const text = own.get(title);
    const before = title === "Go live" ? [stepsOnly(steps)] : [];
    return text === "" ? [] : [...before, text === undefined ? section : `## ${title}\n${text}`];
  });
  return `${[start, ...parts].map((part) => part?.trim()).join("\n\n")}\n`;
}

/** @param {string} page */
function sectionsOf(page) {
  return page.split(/^(?=## )/m);
}

/** @param {string} section */
function titleOf(section) {
  return section.slice("## ".length, section.indexOf("\n"));
}

/**
 * Up to the last numbered step: what follows is about other pages.
 *
 * @param {string} section
 */
function stepsOnly(section) {
  const blocks = section.split(/\n{2,}/);
  return blocks.slice(0, blocks.findLastIndex((block) => /^\d+\. /.test(block)) + 1).join("\n\n");
}
