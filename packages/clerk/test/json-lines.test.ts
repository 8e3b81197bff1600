import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ClerkEvent } from "@xmcp-dev/clerk";
import { expect, it, vi } from "vitest";
import { readSettings } from "../src/options/settings.js";

const JSON_LINES = new URL("../dist/events/json-lines.js", import.meta.url).href;

/** Runs a process that reports three events, then executes `then`. @returns what it wrote to stderr */
async function written(then: string, env: Record<string, string> = {}): Promise<string> {
  const script = `
    const { jsonLines } = await import(${JSON.stringify(JSON_LINES)});
    const sink = jsonLines();
    for (const tool of ["a", "b", "c"]) sink({ type: "deny", tool });
    ${then}`;
  const options = { env: { ...process.env, ...env } };
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], options);
  return (await run.catch((error: { stderr: string }) => error)).stderr;
}

const LINES = ["a", "b", "c"].map((tool) => `{"type":"deny","tool":"${tool}"}\n`).join("");

it.each([
  ["keeps running", ""],
  ["exits at once", "process.exit(0);"],
  ["exits with an error", "process.exit(1);"],
])("no line is lost when the process %s", async (_, then) => {
  expect(await written(then)).toBe(LINES);
});

it("on a serverless platform lines are written at once, because it may stop the process", async () => {
  expect(await written("process.kill(process.pid, 'SIGKILL');", { VERCEL: "1" })).toBe(LINES);
});

it.each([
  [
    { type: "tool", name: "greet", caller: "user", userId: "user_1", durationMs: 3, outcome: "ok" },
    "called greet  user_1  ok  3 ms",
  ],
  [
    {
      type: "tool",
      name: "greet",
      caller: "anonymous",
      durationMs: 3,
      outcome: "error",
      arguments: { name: "A" },
    },
    'called greet  anonymous  error  3 ms  {"name":"A"}',
  ],
  [{ type: "deny", reason: "token_expired", status: 401 }, "refused 401 token_expired"],
  [
    {
      type: "deny",
      reason: "role_missing",
      status: 403,
      tool: "x",
      caller: "user",
      clientId: "https://a/\n\u001b[2J",
    },
    "refused 403 role_missing  x  https://a/\\u000a\\u001b[2J",
  ],
  [{ type: "clerk", change: "outage", during: "metadata" }, "Clerk: outage  metadata"],
  [{ type: "grant", caller: "user", scopes: [] }, undefined],
])("in development an event is a short line: %o", (event, line) => {
  vi.stubEnv("NODE_ENV", "development");
  const printed = vi.spyOn(console, "error").mockImplementation(() => {});
  const options = { secretKey: "sk_test_aVerySecretValue", baseURL: "http://127.0.0.1:3001" };
  const { onEvent } = readSettings({ ...options, clerkDomain: "a.clerk.accounts.dev" }, {});
  onEvent({ time: new Date(), ...event } as ClerkEvent);
  expect(printed.mock.calls).toEqual(line === undefined ? [] : [[line]]);
});

it("the buffer is bounded: a process that is never idle still writes its lines", async () => {
  const lines = await written(`
    for (let i = 0; i < 2_000; i++) sink({ type: "deny", tool: "d" });
    process.kill(process.pid, "SIGKILL");`);
  expect(lines.split("\n").length).toBeGreaterThan(1_500);
});
