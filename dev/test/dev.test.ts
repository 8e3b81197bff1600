import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { expect, it } from "vitest";
import { eventually } from "./support/eventually.js";
import { descendants, run, start } from "./support/program.js";
import { standIn } from "./support/protected-template.js";
import { buildQuickly, edit, templateCopy } from "./support/template.js";
import { callTool, post, toolCall } from "./support/tool-call.js";

const cwd = await templateCopy();
const clerk = await standIn();
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const url = `${origin}/mcp`;
const env = { ...clerk.env, PORT: String(port), BASE_URL: origin };
const greet = join(cwd, "src/tools/greet.ts");

// One server for all: each test leaves the files as they were, but for the words of the greeting.
const dev = start("xmcp", ["dev"], { cwd, env });
await dev.printed(`MCP Server running on ${url}`);
const { access_token: token } = await clerk.mint({ user: "ada", resource: url });

const answersToStrangers = new Set<number>();
/** The challenge; `undefined` while the server restarts. */
const challenge = async () => {
  const response = await post(url, toolCall("whoami")).catch(() => undefined);
  if (response) answersToStrangers.add(response.status);
  return response?.headers.get("www-authenticate") ?? undefined;
};
const greeting = async () => {
  await challenge();
  const result = await callTool(url, token, "greet", { name: "World" }).catch(() => undefined);
  return result?.structuredContent?.greeting as string | undefined;
};
const greets = (words: string) =>
  eventually(`the greeting ${words}`, async () => (await greeting())?.startsWith(words));

/** Waits for a text in what is printed from now on. Call it before the change. */
function printing(text: string | RegExp): () => Promise<unknown> {
  const from = dev.output().length;
  const matches = () => {
    const rest = dev.output().slice(from);
    return typeof text === "string" ? rest.includes(text) : text.test(rest);
  };
  return () =>
    eventually(`xmcp dev prints ${text}`, matches).catch((error: Error) => {
      throw new Error(`${error.message}\n${dev.output().slice(from)}`);
    });
}

it("xmcp dev picks up a changed tool and a changed middleware, and is never unprotected meanwhile", async () => {
  expect(await eventually("a greeting", greeting)).toMatch(/^Hello, World!/);
  await edit(greet, "Hello, ", "Good morning, ");
  await greets("Good morning, World!");

  expect(await challenge()).toContain('scope="profile email"');
  await edit(
    join(cwd, "src/middleware.ts"),
    '["profile", "email"]',
    '["profile", "email", "documents:read"]',
  );
  await eventually("the new scope in the challenge", async () =>
    (await challenge())?.includes('scope="profile email documents:read"'),
  );
  expect(await eventually("a greeting", greeting)).toMatch(/^Good morning, World!/);
  expect([...answersToStrangers]).toEqual([401]);
});

it("a file that does not compile is one line with its place, and the previous code still runs", async () => {
  const said = printing(
    /✖ src\/tools\/greet\.ts:\d+ Expected .*\nThe server still runs the previous code\. It reloads when this compiles\.\n/,
  );
  await edit(greet, "Good morning, ", "Good ` morning, ");
  await said();
  expect(await greeting()).toMatch(/^Good morning, /);
  expect(dev.output()).not.toMatch(/asset |runtime modules|errors? has detailed/);
  await edit(greet, "Good ` morning, ", "Good evening, ");
  await greets("Good evening, ");
});

it("a tool that throws as it is loaded is named with its line, and the server starts again on a save", async () => {
  const said = printing(
    /src\/tools\/greet\.ts cannot be loaded\. Error: at load\n.*\/src\/tools\/greet\.ts:1:[\s\S]*The server has stopped\. It starts again when you change a file/,
  );
  const source = 'throw new Error("at load");\n';
  await edit(greet, "import ", `${source}import `);
  await said();
  const waits = printing(
    /greet\.ts cannot be loaded\. Error: late\n +at .*\/src\/tools\/greet\.ts:1:\d+\)?\nThe server has stopped/,
  );
  const late = 'await Promise.reject(new Error("late"));\n';
  await edit(greet, source, late);
  await waits();
  await edit(greet, late, "");
  await greets("Good evening, ");
});

it("an added tool and a removed one are named; its errors name lines of the source; a rejection ends nothing", async () => {
  const broken = join(cwd, "src/tools/broken.ts");
  const added = printing("+ src/tools/broken.ts was added");
  await writeFile(
    broken,
    `export const schema = {};

export const metadata = { name: "broken", description: "Breaks" };

interface Reason {
  readonly of: string;
}

export default function broken() {
  const reason: Reason = { of: "the call" };
  console.log(new Error("shown").stack);
  Promise.reject(new Error("nobody waits"));
  Promise.reject({ code: 7 });
  throw new Error(reason.of);
}
`,
  );
  await added();
  const shown = printing(/Error: shown\n +at .*\/src\/tools\/broken\.ts:11:/);
  const failed = printing(
    /src\/tools\/broken\.ts failed\. Error: the call\n +at .*\/src\/tools\/broken\.ts:14:/,
  );
  const goesOn = printing(
    /Nothing handled this error\. In production it ends the server\. Error: nobody waits\n +at .*\/broken\.ts:12:/,
  );
  const reason = printing("Nothing handled this error. In production it ends the server. { code: 7 }\n");
  const called = printing(/^called broken {2}user_\w+ {2}error {2}\d+ ms$/m);
  await eventually("the tool answers", async () => {
    const result = await callTool(url, token, "broken").catch(() => undefined);
    return result?.isError;
  });
  await Promise.all([shown(), failed(), goesOn(), reason(), called()]);
  expect(await greeting()).toMatch(/^Good evening, /);

  const removed = printing("- src/tools/broken.ts was removed");
  await rm(broken);
  await removed();
});

it("a wrong option and a name that two files have are to be corrected in the source, not in .env", async () => {
  const middleware = join(cwd, "src/middleware.ts");
  const option = printing(
    /Invalid config:\n {2}- CLERK_AUDIENCE .*\nCorrect src\/middleware\.ts; the server reloads when you save\.\n/,
  );
  await edit(middleware, "clerkProvider({", 'clerkProvider({ audience: "never" as "required",');
  await option();
  const clash = printing(
    /Warning .*:\n {2}- tools → greet: .* both have this name; rename one \(metadata\.name\)\nThe server reloads/,
  );
  const twin = join(cwd, "src/tools/twin.ts");
  await writeFile(twin, 'export const metadata = { name: "greet" };\nexport default () => "x";\n');
  await edit(middleware, ' audience: "never" as "required",', "");
  await clash();
  await rm(twin);
  await greets("Good evening, ");
});

it("a build beside it changes nothing: both servers are whole, and a tool that is added later is served", async () => {
  await buildQuickly(cwd);
  const build = await run("xmcp", ["build"], { cwd });
  expect(build.code, build.output).toBe(0);
  await greets("Good evening, ");
  const added = printing("+ src/tools/later.ts was added");
  await writeFile(
    join(cwd, "src/tools/later.ts"),
    'export const schema = {};\nexport const metadata = { name: "later", description: "Late" };\nexport default () => "here";\n',
  );
  await added();
  await eventually("the later tool", async () => {
    const result = await callTool(url, token, "later").catch(() => undefined);
    return JSON.stringify(result ?? {}).includes("here");
  });
  const built = await run("node", ["dist/http.js"], { cwd, env: { ...env, CLERK_SECRET_KEY: "" } });
  expect(built.output).toMatch(/^\[Clerk\] Missing required config:/);
});

it("a port that is taken is named, and xmcp dev ends", async () => {
  const second = await run("xmcp", ["dev"], { cwd: await templateCopy(), env });
  expect(second.code).toBe(1);
  expect(second.output.trimEnd().split("\n").at(-1)).toMatch(`Port ${port} is already in use.`);
});

it("no server outlives xmcp dev, however that ends", async () => {
  const [server = 0] = descendants(dev.pid);
  dev.signal("SIGKILL");
  await dev.exited;
  await eventually("the server has ended", () => !isRunning(server));
  await expect(fetch(url)).rejects.toThrow();
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
