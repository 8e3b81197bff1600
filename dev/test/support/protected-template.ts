/** Starts the built server and a local Clerk that it trusts, each on a free port. */
import { type ClerkLocal, type ClerkLocalOptions, createClerkLocal } from "@xmcp-dev/clerk-local";
import { startServer } from "@xmcp-dev/clerk-local/testing";
import { atEnd } from "./at-end.js";
import { keepServerOutput } from "./server-output.js";
import { ROOT } from "./template.js";

export type Server = Awaited<ReturnType<typeof startServer>>;

export async function standIn(options: ClerkLocalOptions = {}): Promise<ClerkLocal> {
  const clerk = await createClerkLocal({ port: 0, ...options });
  atEnd(() => clerk.close());
  return clerk;
}

/** Restarts the instance at the same address and with the same secret key, but without its state. */
export async function withoutMemory(clerk: ClerkLocal, options: ClerkLocalOptions = {}): Promise<ClerkLocal> {
  await clerk.close();
  return standIn({ ...options, port: Number(new URL(clerk.issuer).port), secretKey: clerk.secretKey });
}

export function oauthRequests(clerk: ClerkLocal): string[] {
  return clerk
    .requests()
    .filter(({ path }) => path.startsWith("/oauth/"))
    .map(({ method, path, status }) => `${method} ${path} ${status}`);
}

export async function server(env: object, where: { cwd?: string; entry?: string } = {}): Promise<Server> {
  const started = await startServer({ ...env }, { cwd: ROOT, ...where });
  atEnd(async () => {
    await started.stop();
    keepServerOutput(started.output());
  });
  return started;
}

/** @param start starts the server */
export async function protectedTemplate(
  options: ClerkLocalOptions = {},
  start: (env: object) => Promise<Server> = server,
): Promise<{ clerk: ClerkLocal; mcp: Server }> {
  const clerk = await standIn(options);
  return { clerk, mcp: await start(clerk.env) };
}

/** An access token for this server. */
export async function tokenFor(clerk: ClerkLocal, mcp: Server, user = "ada"): Promise<string> {
  const { access_token } = await clerk.mint({ user, resource: mcp.url });
  return access_token;
}
