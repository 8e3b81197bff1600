/** How each client adds a server, signs in and says whether it is connected. The commands are those of docs/start/clients.md. */
import { documentedCommand } from "../support/clients-page.js";
import { CLAUDE_CODE, CODEX, OPENCODE } from "../support/downloaded-clients.js";
import type { RegistryProgram } from "../support/registry-program.js";
import { toolsOfCodex } from "./codex-app-server.js";
import type { IsolatedClient } from "./isolated-client.js";

export interface Client {
  readonly title: string;
  readonly download: RegistryProgram;
  /** Whether it has a client ID metadata document. */
  readonly hasDocument: boolean;
  /** Adds the server. Codex signs in at once. */
  add(client: IsolatedClient, url: string): Promise<void>;
  /** The command that signs in again. */
  readonly login: readonly string[];
  readonly logout: readonly string[];
  isConnected(client: IsolatedClient): Promise<boolean>;
}

const ID = "xmcp-clerk";

/** Runs a command in a terminal, which `claude mcp login` insists on. */
export function inTerminal(command: readonly string[]): string[] {
  return ["script", "-qec", command.join(" "), "/dev/null"];
}

/** Codex's `logout` does without a keychain only if it is told to. */
const NO_KEYCHAIN = ["-c", 'mcp_oauth_credentials_store="file"'];

const claudeLogin = inTerminal(documentedCommand("claude mcp login"));
const openCodeLogin = documentedCommand("opencode mcp auth");

export const CLIENTS: readonly Client[] = [
  {
    title: CLAUDE_CODE.title,
    download: CLAUDE_CODE,
    hasDocument: true,
    login: claudeLogin,
    logout: ["claude", "mcp", "logout", ID],
    async add(client, url) {
      await client.run(documentedCommand("claude mcp add", url));
      await client.signIn(claudeLogin);
    },
    isConnected: (client) => says(client, ["claude", "mcp", "list"], "✔ Connected", "Needs authentication"),
  },
  {
    title: CODEX.title,
    download: CODEX,
    hasDocument: true,
    login: ["codex", "mcp", "login", ID],
    logout: ["codex", ...NO_KEYCHAIN, "mcp", "logout", ID],
    async add(client, url) {
      await client.signIn(documentedCommand("codex mcp add", url));
    },
    isConnected: async (client) => (await toolsOfCodex(client, ID)).includes("whoami"),
  },
  {
    title: OPENCODE.title,
    download: OPENCODE,
    hasDocument: false,
    login: openCodeLogin,
    logout: ["opencode", "mcp", "logout", ID],
    async add(client, url) {
      await client.run(documentedCommand("opencode mcp add", url));
      await client.signIn(openCodeLogin);
    },
    isConnected: (client) => says(client, ["opencode", "mcp", "list"], "connected", "needs authentication"),
  },
];

/** Runs a command that says one of two things. @returns whether it is the first */
async function says(
  client: IsolatedClient,
  command: readonly string[],
  yes: string,
  no: string,
): Promise<boolean> {
  const output = await client.run(command);
  if (output.includes(yes) === output.includes(no)) throw new Error(output);
  return output.includes(yes);
}
