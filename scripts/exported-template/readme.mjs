/** What the README of the exported template says where this repository differs from it. */
const OWN_SECTIONS = {
  "See it work": `
You need Node 20.19 or newer. A real MCP client signs in and calls the four tools; no browser, no account:

\`\`\`sh
npm install && npm run demo
\`\`\`

Your own tests are in \`test/\`: they build the server, start it beside the stand-in, and sign a client in.

\`\`\`sh
npm test
\`\`\`
`,
  "What is where": `
| | |
|---|---|
| \`src/tools/\`, \`src/middleware.ts\` | your server |
| \`test/\` | your tests, and the demo |
| \`xmcp.config.ts\` | xmcp's settings |
| \`@xmcp-dev/clerk\` | the plugin |
| \`@xmcp-dev/clerk-local\` | the stand-in for Clerk, in development only |

| script | does |
|---|---|
| \`npm run dev\` | hot-reloading server against the Clerk instance in \`.env\` |
| \`npm run dev:local\` | the same against the stand-in |
| \`npm run demo\` | signs a client in and calls the tools, by itself |
| \`npm run build\` | type check and production build |
| \`npm start\` | runs the build |
| \`npm test\` | builds, and runs your tests |
`,
};

/**
 * The README of this repository, true for the exported folder.
 *
 * @param {string} readme
 * @param {{ scripts: object, files: readonly string[] }} exported
 */
export function exportedReadme(readme, exported) {
  const [start = "", ...sections] = readme.split(/^## /m);
  const missing = Object.keys(OWN_SECTIONS).filter(
    (name) => !sections.some((text) => titleOf(text) === name),
  );
  if (missing.length > 0) throw new Error(`README.md has no section ${missing.join(", ")}.`);
  const parts = sections.map((text) => {
    const title = titleOf(text);
    const own = Object.entries(OWN_SECTIONS).find(([name]) => name === title)?.[1];
    return `## ${title}\n${own ?? trueBlocks(text.slice(title.length + 1), exported)}`;
  });
  return `${[trueBlocks(start, exported), ...parts].map((part) => part.trim()).join("\n\n")}\n`;
}

/** @param {string} section */
function titleOf(section) {
  return section.slice(0, section.indexOf("\n"));
}

/**
 * Without the paragraphs and table rows about scripts and pictures that are not exported; what is linked and not exported
 * is only named.
 *
 * @param {string} text
 * @param {{ scripts: object, files: readonly string[] }} exported
 */
function trueBlocks(text, { scripts, files }) {
  /** @param {string} path */
  const isThere = (path) => /^(https?:|#)/.test(path) || files.includes(path.replace(/#.*$/, ""));
  /** @param {string} part */
  const isTrue = (part) =>
    [...part.matchAll(/npm run ([\w:-]+)/g)].every(([, name = ""]) => Object.hasOwn(scripts, name)) &&
    [...part.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].every(([, path = ""]) => isThere(path));
  const blocks = text.split(/\n{2,}/);
  return blocks
    .map((block) => (block.startsWith("|") ? block.split("\n").filter(isTrue).join("\n") : block))
    .filter(isTrue)
    .join("\n\n")
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, (link, name, path) => {
      if (isThere(path)) return link;
      return name === path ? `\`${path}\` in the plugin's repository` : name;
    });
}
