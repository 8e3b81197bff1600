/** The built app with the stand-in for Clerk and for GitHub, and clients of every kind. */
import { resolve } from "node:path";
import { type CallToolResult, Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { atEnd } from "../../../../dev/test/support/at-end.js";
import { type Server, server, standIn } from "../../../../dev/test/support/protected-template.js";
import seed from "../../seed.json" with { type: "json" };
import { connectAt } from "./person.js";

export const APP = resolve(import.meta.dirname, "../..");

export interface App {
  readonly clerk: ClerkLocal;
  readonly mcp: Server;
}

export type Start = (env: object) => Promise<Server>;

export const onNode: Start = (env) => server(env, { cwd: APP });

export async function app(start: Start = onNode): Promise<App> {
  const clerk = await standIn({ seed });
  return { clerk, mcp: await start({ ...clerk.env, GITHUB_API_URL: `${clerk.issuer}/providers/github` }) };
}

export async function tokenOf({ clerk, mcp }: App, user: string, clientId?: string): Promise<string> {
  const options = { user, resource: mcp.url, ...(clientId !== undefined && { clientId }) };
  return (await clerk.mint(options)).access_token;
}

/** What the client's user was asked: each page, and the reason. */
export interface Asked {
  url: string;
  message: string;
}

export interface ClientKind {
  /** `2026-07-28`, or the older generation. Default: the older one. */
  readonly era?: "2026-07-28";
  /** Whether it can open pages. Default: it cannot. */
  readonly opensPages?: boolean;
  /** What its user does with the link. Default: connects the account and allows these scopes. */
  readonly answer?: "accept" | "decline" | "cancel";
}

export interface ConnectedClient {
  readonly client: Client;
  readonly asked: Asked[];
  call(tool: string): Promise<CallToolResult>;
}

/** The MCP SDK's client v2, whose user opens links. */
export async function clientOf(running: App, user: string, kind: ClientKind = {}): Promise<ConnectedClient> {
  const { era, opensPages = false, answer = "accept" } = kind;
  const client = new Client(
    { name: "test", version: "1.0.0" },
    {
      capabilities: opensPages ? { elicitation: { url: {} } } : {},
      ...(era !== undefined && { versionNegotiation: { mode: { pin: era } } }),
    },
  );
  const asked: Asked[] = [];
  if (opensPages)
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      if (params.mode !== "url") throw new Error("The server asks for something else.");
      asked.push({ url: params.url, message: params.message });
      if (answer === "accept") await connectAt(params.url, user, ["read:user", "repo"]);
      return { action: answer };
    });
  const authorization = `Bearer ${await tokenOf(running, user, `client_of_${user}_${JSON.stringify(kind)}`)}`;
  const requestInit = { headers: { authorization } };
  await client.connect(new StreamableHTTPClientTransport(new URL(running.mcp.url), { requestInit }));
  atEnd(() => client.close());
  return { client, asked, call: (name) => client.callTool({ name, arguments: {} }) };
}

export function textOf({ content }: CallToolResult): string {
  const [first] = content;
  return first?.type === "text" ? first.text : "";
}
