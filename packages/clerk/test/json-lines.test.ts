import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

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

it("the buffer is bounded: a process that is never idle still writes its lines", async () => {
  const lines = await written(`
    for (let i = 0; i < 2_000; i++) sink({ type: "deny", tool: "d" });
    process.kill(process.pid, "SIGKILL");`);
  expect(lines.split("\n").length).toBeGreaterThan(1_500);
});
