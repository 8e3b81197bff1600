/** The clients that `npm run test:clients` downloads, about a gigabyte, and the headings of docs/start/clients.md about them. */
import type { RegistryProgram } from "./registry-program.js";

export const CLAUDE_CODE = {
  title: "Claude Code",
  package: "@anthropic-ai/claude-code",
  version: "2.1.332",
  program: "claude",
};
export const CODEX = { title: "Codex", package: "@openai/codex", version: "0.171.0", program: "codex" };
export const OPENCODE = {
  title: "OpenCode",
  package: "opencode-ai",
  version: "1.18.33",
  program: "opencode",
};

export const ADD_MCP: RegistryProgram = { package: "add-mcp", version: "2.4.0", program: "add-mcp" };
