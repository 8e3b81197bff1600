// npm run dev:local: `clerk-local` starts this beside the stand-in. Runs the hot-reloading server and, when it
// answers, says how to connect a client to it.
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

const origin = process.env.BASE_URL ?? "http://127.0.0.1:3001";
const url = `${origin}/mcp`;

const server = spawn("xmcp", ["dev"], { stdio: "inherit", shell: process.platform === "win32" });
server.on("error", (error) => {
  console.error(`xmcp cannot be started (${error.message}). Run npm install, then npm run dev:local.`);
  process.exit(1);
});
let isStopping = false;
// The signal reaches the whole process group; the server decides when it ends.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => {
    isStopping = true;
  });
}
server.on("exit", (code) => process.exit(isStopping ? 0 : (code ?? 1)));

while (!(await answers())) await delay(200);
console.log(instructions());

async function answers() {
  const health = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(1_000) }).catch(
    () => undefined,
  );
  return health?.ok ?? false;
}

function instructions() {
  return `
Connect a client to ${url} – it opens the sign-in page in your browser; pick any user there.

  Claude Code   claude mcp add --transport http xmcp-clerk ${url}
                then, in a session: /mcp → xmcp-clerk → Authenticate
  Cursor        .cursor/mcp.json   {"mcpServers": {"xmcp-clerk": {"url": "${url}"}}}
  VS Code       code --add-mcp '{"name":"xmcp-clerk","type":"http","url":"${url}"}'
  Inspector     npx @modelcontextprotocol/inspector --transport http --server-url ${url}
  others        open ${origin}

Edit a file in src/tools/ and save: the server reloads. Stop with Ctrl+C.
`;
}
