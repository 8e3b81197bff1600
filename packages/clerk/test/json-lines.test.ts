import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const JSON_LINES = new URL("../dist/events/json-lines.js", import.meta.url).href;

/** What a process writes to stderr that reports three events and then does this. */
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
  ["goes on", ""],
  ["ends at once", "process.exit(0);"],
  ["ends because it failed", "process.exit(1);"],
])("no line is lost when the process %s", async (_, then) => {
  expect(await written(then)).toBe(LINES);
});

it("a process that a serverless platform may stop has written its lines before", async () => {
  expect(await written("process.kill(process.pid, 'SIGKILL');", { VERCEL: "1" })).toBe(LINES);
});

it("what waits is bounded: the lines of a process that does not come to rest are written all the same", async () => {
  const lines = await written(`
    for (let i = 0; i < 2_000; i++) sink({ type: "deny", tool: "d" });
    process.kill(process.pid, "SIGKILL");`);
  expect(lines.split("\n").length).toBeGreaterThan(1_500);
});
