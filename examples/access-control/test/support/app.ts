/** Runs the built app and a local Clerk with the people in seed.json, each on a free port. */
import { resolve } from "node:path";
import type { ClerkLocal, MintOptions } from "@xmcp-dev/clerk-local";
import { type Server, server, standIn } from "../../../../dev/test/support/protected-template.js";
import { post, toolCall } from "../../../../dev/test/support/tool-call.js";
import seed from "../../seed.json" with { type: "json" };

export const APP = resolve(import.meta.dirname, "../..");

export const ALL_SCOPES = ["profile", "email", "documents:read", "documents:write"] as const;

export interface App {
  readonly clerk: ClerkLocal;
  readonly mcp: Server;
}

/** @param env variables to add to the server's environment */
export async function app(env: Record<string, string> = {}): Promise<App> {
  const clerk = await standIn({ seed });
  return { clerk, mcp: await server({ ...clerk.env, ...env }, { cwd: APP }) };
}

/** An access token, by default with every scope that a tool requires. */
export async function tokenOf({ clerk, mcp }: App, options: MintOptions): Promise<string> {
  const { access_token } = await clerk.mint({ scopes: ALL_SCOPES, resource: mcp.url, ...options });
  return access_token;
}

/** The secret of the seeded API key of an organization. */
export function keyOf(organization: string): string {
  const key = seed.apiKeys.find(({ subject }) => subject === organization);
  if (!key) throw new Error(`seed.json has no API key of ${organization}.`);
  return key.secret;
}

export interface Answer {
  readonly status: number;
  /** The error code of a refusal. */
  readonly error: string | undefined;
  readonly challenge: string | undefined;
  /** The text for a person: the description of the refusal, or the texts of the result. */
  readonly text: string;
  readonly isError: boolean;
  readonly structuredContent: Readonly<Record<string, unknown>>;
  readonly content: readonly { type: string; text?: string; data?: string; mimeType?: string }[];
}

/** Calls a tool with plain HTTP. @param credential empty: none is sent */
export async function call(
  mcp: Server,
  credential: string,
  tool: string,
  args: object = {},
): Promise<Answer> {
  const headers: Record<string, string> = credential ? { authorization: `Bearer ${credential}` } : {};
  const response = await post(mcp.url, toolCall(tool, args), headers);
  const body = await response.text();
  const { result, error, error_description } = JSON.parse(/^data: (.*)$/m.exec(body)?.[1] ?? body);
  const content: Answer["content"] = result?.content ?? [];
  return {
    status: response.status,
    error,
    challenge: response.headers.get("www-authenticate") ?? undefined,
    text: error_description ?? content.map(({ text = "" }) => text).join("\n"),
    isError: result?.isError === true,
    structuredContent: result?.structuredContent ?? {},
    content,
  };
}

/** Titles of the documents in a result of get-documents. */
export function titlesIn({ structuredContent }: Pick<Answer, "structuredContent">): string[] {
  const { documents = [] } = structuredContent as { documents?: { title: string }[] };
  return documents.map(({ title }) => title);
}
