import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { expect, it } from "vitest";
import { certificate, nginxBefore } from "../platforms/nginx.js";
import type { Platform } from "../platforms/platform.js";
import { signingIn } from "../promises/signing-in.js";
import { eventually } from "../support/eventually.js";
import { run } from "../support/program.js";
import { protectedTemplate, type Server, server, tokenFor } from "../support/protected-template.js";
import { edit, templateCopy } from "../support/template.js";
import { HEADERS, toolCall } from "../support/tool-call.js";

const ENDPOINT = "/tools/mcp";

/** A tool that sends a progress event, and answers only when the test releases it. */
const WAIT = `import { z } from "zod";
import type { InferSchema, ToolExtraArguments } from "xmcp";

let release = () => {};

export const schema = { until: z.enum(["released", "now"]) };

export default async function wait({ until }: InferSchema<typeof schema>, extra: ToolExtraArguments) {
  const released = new Promise<void>((resolve) => (release = until === "now" ? release : resolve));
  if (until === "now") return release(), String(extra.requestInfo?.headers["x-forwarded-for"]);
  const params = { progressToken: 1, progress: 1 };
  await extra.sendNotification({ method: "notifications/progress", params });
  await released;
  return "done";
}
`;

const cwd = await templateCopy();
await edit(join(cwd, "xmcp.config.ts"), 'endpoint: "/mcp"', `endpoint: "${ENDPOINT}"`);
await writeFile(join(cwd, "src/tools/wait.ts"), WAIT);
const built = await run("xmcp", ["build"], { cwd });
if (built.code !== 0) throw new Error(built.output);
const trusted = await certificate();

/** Access logs by origin. */
const logs = new Map<string, () => string>();

const behindNginx: Platform = {
  async start(env) {
    const port = String(await freePort());
    const { origin, accessLog } = await nginxBefore(port, trusted);
    logs.set(origin, accessLog);
    const mcp = await server({ ...env, PORT: port, BASE_URL: origin }, { cwd });
    return { ...mcp, origin, url: `${origin}${ENDPOINT}` };
  },
  fetch: trusted.fetch,
  publicPages: [],
};

signingIn(behindNginx);

const { clerk, mcp } = await protectedTemplate({}, behindNginx.start);

it("a challenge names the public address of the metadata, and the metadata that of the endpoint", async () => {
  const metadata = `${mcp.origin}/.well-known/oauth-protected-resource${ENDPOINT}`;
  const refused = await post(mcp, toolCall("whoami"));
  expect(refused.status).toBe(401);
  expect(refused.headers.get("www-authenticate")).toContain(`resource_metadata="${metadata}"`);
  expect(await (await trusted.fetch(metadata)).json()).toMatchObject({ resource: mcp.url });
});

it("an event reaches the client while the tool runs, and the caller's address reaches the tool", async () => {
  const authorization = `Bearer ${await tokenFor(clerk, mcp)}`;
  const waiting = toolCall("wait", { until: "released" });
  const params = { ...waiting.params, _meta: { progressToken: 1 } };
  const { body } = await post(mcp, { ...waiting, params }, { authorization });
  const events = body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await events?.read())?.value).toContain("notifications/progress");

  const spoofed = { authorization, "x-forwarded-for": "192.0.2.1" };
  const address = await (await post(mcp, toolCall("wait", { until: "now" }), spoofed)).text();
  expect(address).toContain('"192.0.2.1, 127.0.0.1"');
  expect((await events?.read())?.value).toContain("done");
});

it.each(["/health", "/", "/mcp", "/tools/mcp/x", "/.well-known/oauth-protected-resource"])(
  "%s is not passed to the server",
  async (path) => expect((await trusted.fetch(`${mcp.origin}${path}`)).status).toBe(404),
);

it("the log of nginx has path and status, but neither token nor query", async () => {
  const secret = await tokenFor(clerk, mcp);
  await trusted.fetch(`${mcp.url}?access_token=${secret}`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  const log = logs.get(mcp.origin) ?? (() => "");
  // nginx writes the line after the answer.
  await eventually("the refusal is in the log", () => log().includes('"GET /tools/mcp" 400 '));
  expect(log()).not.toMatch(/eyJ|access_token|Bearer/);
});

function post({ url }: Server, body: object, headers: Record<string, string> = {}): Promise<Response> {
  const init = { method: "POST", headers: { ...HEADERS, ...headers }, body: JSON.stringify(body) };
  return trusted.fetch(url, init);
}
