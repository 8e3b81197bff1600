/** Codex's server for editors. It connects to MCP servers without an account at OpenAI. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { atEnd } from "../support/at-end.js";
import type { IsolatedClient } from "./isolated-client.js";

interface McpServerStatus {
  readonly name: string;
  readonly tools: Readonly<Record<string, unknown>>;
}

/** @returns the names of the tools that Codex has got from a server; none if it could not connect */
export async function toolsOfCodex({ isolated, cwd }: IsolatedClient, server: string): Promise<string[]> {
  const [program = "", ...args] = isolated(["codex", "app-server"]);
  const codex = spawn(program, args, { cwd, stdio: ["pipe", "pipe", "ignore"] });
  atEnd(() => codex.kill("SIGKILL"));
  const send = (message: object) => codex.stdin.write(`${JSON.stringify(message)}\n`);
  const clientInfo = { name: "test", title: "Test", version: "1.0.0" };
  send({ id: 1, method: "initialize", params: { clientInfo } });
  for await (const line of createInterface(codex.stdout)) {
    const { id, result } = JSON.parse(line) as { id?: number; result?: { data?: McpServerStatus[] } };
    if (id === 1) {
      send({ method: "initialized" });
      send({ id: 2, method: "mcpServerStatus/list", params: {} });
    }
    if (id === 2) {
      codex.kill();
      return Object.keys(result?.data?.find(({ name }) => name === server)?.tools ?? {});
    }
  }
  throw new Error("codex app-server ended without an answer.");
}
