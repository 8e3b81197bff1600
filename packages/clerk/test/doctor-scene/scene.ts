import { join } from "node:path";
import type { ClerkProviderOptions } from "@xmcp-dev/clerk";
import type { ClerkLocal, ClerkLocalOptions, MintOptions } from "@xmcp-dev/clerk-local";
import { declareTools } from "../guarded-tools.js";
import { localClerk, optionsFor, protectedServer, type Tool } from "../protected-server.js";
import { type Report, type Run, reportOf, runHere, type Variables } from "./doctor-run.js";
import { type Front, front } from "./front.js";

export interface SceneOptions {
  readonly clerk?: ClerkLocalOptions;
  /** The server's options. Its base URL is that of the front. */
  readonly server?: (scene: Pick<Scene, "clerk" | "front" | "url">) => ClerkProviderOptions;
  /** Puts a front before Clerk too. */
  readonly clerkThroughFront?: boolean;
  readonly tool?: Tool;
}

/** A local Clerk, a server that it protects, and a front before the server, all working. */
export interface Scene {
  readonly clerk: ClerkLocal;
  readonly front: Front;
  /** The front before the local Clerk, if there is one. */
  readonly clerkFront: Front | undefined;
  /** The MCP endpoint, through the front. */
  readonly url: string;
  readonly environment: Variables;
}

export const BROWSER = `${process.execPath} ${join(import.meta.dirname, "browser.mjs")}`;

export async function scene(options: SceneOptions = {}): Promise<Scene> {
  const clerk = await localClerk({ autoApprove: true, ...options.clerk });
  // Rules apply only to declared tools.
  declareTools("look");
  let origin = "";
  const before = await front(() => origin);
  const url = `${before.origin}/mcp`;
  const clerkFront = options.clerkThroughFront ? await frontOfClerk(clerk) : undefined;
  const clerkDomain = clerkFront?.origin ?? clerk.issuer;
  const server = await protectedServer(
    clerk,
    {
      ...optionsFor(clerk),
      clerkDomain,
      baseURL: before.origin,
      onEvent: false,
      ...options.server?.({ clerk, front: before, url }),
    },
    options.tool ?? tools(HARMLESS),
  );
  origin = server.origin;
  const environment = {
    ...clerk.env,
    CLERK_DOMAIN: clerkDomain,
    CLERK_PUBLISHABLE_KEY: undefined,
    BASE_URL: before.origin,
    PORT: new URL(before.origin).port,
    BROWSER,
  };
  return { clerk, front: before, clerkFront, url, environment };
}

/** The local Clerk under another origin. Its tokens still name its own issuer. */
async function frontOfClerk(clerk: ClerkLocal): Promise<Front> {
  const before = await front(() => clerk.issuer);
  const renamed = (text: string): string =>
    text
      .replaceAll(clerk.issuer, before.origin)
      .replaceAll(encodeURIComponent(clerk.issuer), encodeURIComponent(before.origin));
  before.alter((passing) => {
    passing.body = renamed(passing.body);
    const location = passing.headers.get("location");
    if (location !== undefined) passing.headers.set("location", renamed(location));
  });
  return before;
}

/** A tool as `tools/list` shows it, and the result of a call. */
export interface FakeTool {
  readonly name: string;
  readonly annotations?: object;
  readonly inputSchema?: object;
  readonly isError?: boolean;
}

const HARMLESS: FakeTool = { name: "look", annotations: { readOnlyHint: true } };

/** Answers behind the middleware, with these tools. */
export function tools(...listed: FakeTool[]): Tool {
  return ({ body }) => {
    const { method, params } = body as { method: string; params: { name?: string } };
    if (method === "tools/list") return { jsonrpc: "2.0", id: 1, result: { tools: listed } };
    const isError = listed.find(({ name }) => name === params.name)?.isError === true;
    const content = [{ type: "text", text: "ada@example.com" }];
    return { jsonrpc: "2.0", id: 1, result: { content, isError } };
  };
}

/** Long enough for the local Clerk, even on a busy machine. */
const PATIENT = ["--timeout", "15", "--wait", "15"];

/** Runs the doctor in the scene, and checks that it prints no secret. */
export async function examined(
  { clerk, environment }: Scene,
  args: readonly string[] = [],
  variables: Variables = {},
): Promise<{ report: Report; run: Run }> {
  const env = { ...environment, ...variables };
  const done = await runHere(["--json", ...PATIENT, ...args], env);
  assertNoSecret(done, [clerk.secretKey, env.CLERK_SECRET_KEY, env.CLERK_JWT_KEY]);
  return { report: reportOf(done), run: done };
}

const SECRET_SHAPES = [
  /sk_(test|live)_\w{6}/,
  /eyJ[\w-]+\.[\w-]+/,
  /oat_\w{6}/,
  /BEGIN PUBLIC KEY/,
  /@example\.com/,
];

/** @throws if a secret was printed. */
export function assertNoSecret({ stdout, stderr }: Run, secrets: readonly (string | undefined)[]): void {
  const printed = `${stdout}${stderr}`;
  const found = [
    ...secrets.filter((secret) => secret !== undefined && secret !== "" && printed.includes(secret)),
    ...SECRET_SHAPES.flatMap((shape) => shape.exec(printed)?.[0] ?? []),
  ];
  if (found.length > 0) throw new Error(`Printed: ${found.join(" ")}`);
}

/** Changes a document of the local Clerk. */
export async function breakDocument(
  clerk: ClerkLocal,
  path: string,
  change: (document: Record<string, unknown>) => object,
): Promise<void> {
  const answer = await fetch(`${clerk.issuer}${path}`);
  const body = JSON.stringify(change((await answer.json()) as Record<string, unknown>));
  clerk.faults({ path, body });
}

/** Makes the local Clerk issue this token, whatever the client asked for. */
export async function giveOut(clerk: ClerkLocal, options: MintOptions): Promise<void> {
  const { access_token } = await clerk.mint(options);
  clerk.faults({ path: "/oauth/token", body: JSON.stringify({ access_token, token_type: "Bearer" }) });
}
