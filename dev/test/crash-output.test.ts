import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "./support/program.js";
import { server, standIn, tokenFor } from "./support/protected-template.js";
import { emptyFolder, templateCopy } from "./support/template.js";
import { callTool } from "./support/tool-call.js";

const PRINTER = `import type { InferSchema } from "xmcp";
import { z } from "zod";

export const schema = { on: z.enum(["call", "await", "later", "fumes"]) };

const host = process.env.PRINTER;
if (host === undefined) throw new Error("PRINTER is not set", { cause: new TypeError("nothing there") });

export default function print({ on }: InferSchema<typeof schema>) {
  if (on === "fumes") throw new Error(on.repeat(100_000));
  if (on === "later") setTimeout(() => ignite("later"), 1);
  return on === "await" ? ignite(on) : on === "call" ? fire(on) : \`Printing on \${host}.\`;
}

async function ignite(when: string) {
  return fire(when);
}

function fire(when: string): string {
  throw new Error(\`The printer is on fire (\${when}).\`);
}
`;

const clerk = await standIn();
const cwd = await templateCopy();
await writeFile(join(cwd, "src/tools/printer.ts"), PRINTER);
await writeFile(
  join(cwd, "src/middleware.ts"),
  `import { clerkProvider } from "@xmcp-dev/clerk";

if (process.env.PRINTER === "broken") throw new Error("The middleware is broken.");

export default clerkProvider();
`,
);
const built = await run("xmcp", ["build"], { cwd });
if (built.code !== 0) throw new Error(built.output);
/** The minimum for a start. */
const env = { ...clerk.env, BASE_URL: "http://127.0.0.1:3001", PORT: "0" };

/** The stack line of an error that is created at this code of the tool. */
function at(code: string): string {
  const before = PRINTER.slice(0, PRINTER.indexOf(code)).split("\n");
  return `    at src/tools/printer.ts:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

it("a tool that cannot be loaded stops the start with its file and line, in a few lines", async () => {
  const { code, output } = await run("node", ["dist/http.js"], { cwd, env });
  expect(code).toBe(1);
  expect(output.trim().split("\n")).toEqual([
    "src/tools/printer.ts cannot be loaded. Error: PRINTER is not set",
    at('Error("PRINTER'),
    "Caused by: TypeError: nothing there",
    at('TypeError("nothing'),
  ]);
});

it("a middleware that throws stops the start in the same way", async () => {
  const broken = { ...env, PRINTER: "broken" };
  const { code, output } = await run("node", ["dist/http.js"], { cwd, env: broken });
  expect(code).toBe(1);
  expect(output.trim()).toBe("Error: The middleware is broken.\n    at src/middleware.ts:3:49");
});

it.each(["call", "await"])(
  "an error of a tool on %s gives the caller its message, and the operator its place",
  async (on) => {
    const mcp = await server({ ...clerk.env, PRINTER: "office" }, { cwd });
    const token = await tokenFor(clerk, mcp);
    const sentence = `The printer is on fire (${on}).`;
    expect(await callTool(mcp.url, token, "printer", { on })).toEqual({
      isError: true,
      content: [{ type: "text", text: sentence }],
    });
    expect(mcp.output()).toContain(`src/tools/printer.ts failed. Error: ${sentence}\n${at("Error(`The")}\n`);
    expect(await callTool(mcp.url, token, "whoami")).toHaveProperty("structuredContent");
  },
);

it("the log has only the beginning of a very long message", async () => {
  const mcp = await server({ ...clerk.env, PRINTER: "office" }, { cwd });
  const { isError } = await callTool(mcp.url, await tokenFor(clerk, mcp), "printer", { on: "fumes" });
  expect(isError).toBe(true);
  expect(mcp.output()).toContain(`${at("Error(on.repeat")}\n`);
  expect(mcp.output().length).toBeLessThan(4_000);
});

it("an unhandled error ends the server with its file and line, in a few lines", async () => {
  const mcp = await server({ ...clerk.env, PRINTER: "office" }, { cwd });
  const token = await tokenFor(clerk, mcp);
  await callTool(mcp.url, token, "printer", { on: "later" }).catch(() => {});
  expect(await mcp.stop()).toBe(1);
  expect(mcp.output()).toContain(`Error: The printer is on fire (later).\n${at("Error(`The")}\n`);
  expect(mcp.output().length).toBeLessThan(3_000);
});

it("without the source map the output is still a few lines, without the bundle", async () => {
  const folder = await emptyFolder();
  await cp(join(cwd, "dist/http.js"), join(folder, "http.js"));
  const { code, output } = await run("node", ["http.js"], { cwd: folder, env });
  expect(code).toBe(1);
  expect(output).toMatch(/^src\/tools\/printer\.ts cannot be loaded\. Error: PRINTER is not set\n {4}at /);
  expect(output.length).toBeLessThan(3_000);
});
