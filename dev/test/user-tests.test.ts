/** The tests that a user writes: the examples of docs/build/testing.md, as they stand, in a project of their own. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { signedIn, testServer } from "@xmcp-dev/clerk-local/testing";
import { expect, it } from "vitest";
import { run, start } from "./support/program.js";
import { buildQuickly, edit, emptyFolder, ROOT, templateCopy } from "./support/template.js";

const PAGE = readFileSync(join(ROOT, "docs/build/testing.md"), "utf8");
const EXAMPLES = new Map(
  [...PAGE.matchAll(/^```(?:ts|js) (\S+)\n([\s\S]*?)^```$/gm)].map(([, file = "", code = ""]) => [
    file,
    code,
  ]),
);

/** A project with the examples whose files do not exist in this repository. */
async function projectWithExamples(): Promise<string> {
  const folder = await templateCopy();
  for (const file of ["test/get-my-organizations.test.ts", "test/whoami.node.mjs"])
    writeFileSync(join(folder, file), EXAMPLES.get(file) ?? "");
  cpSync(join(ROOT, "dev/exported-template/vitest.config.mts"), join(folder, "vitest.config.mts"));
  await buildQuickly(folder);
  return folder;
}

it.each(["test/greet.test.ts", "examples/access-control/test/delete-document.test.ts"])(
  "the page shows %s as it is",
  (file) => {
    expect(EXAMPLES.get(file)).toBe(readFileSync(join(ROOT, file), "utf8"));
  },
);

it("the template's own test has fewer than 30 lines", () => {
  expect(readFileSync(join(ROOT, "test/greet.test.ts"), "utf8").split("\n").length).toBeLessThan(30);
});

/** Does not import the tool. */
const SERVED = `
import { signedIn } from "@xmcp-dev/clerk-local/testing";
import { expect, it } from "vitest";

it("is served", async () => {
  const ada = await signedIn();
  const { content } = await ada.callTool({ name: "greet", arguments: { name: "World" } });
  expect(content).toMatchObject([{ text: expect.stringContaining("Hello") }]);
});
`;

it("builds again when a file outside src/ has changed, starts another server when one has ended, and names a build that fails", async () => {
  const folder = await projectWithExamples();
  mkdirSync(join(folder, "lib"));
  const inLib = (text: string) => writeFileSync(join(folder, "lib/limit.ts"), text);
  inLib("export const LIMIT = 1;\n");
  await edit(join(folder, "src/tools/greet.ts"), "`;\n", "` + LIMIT;\n");
  await edit(
    join(folder, "src/tools/greet.ts"),
    "import { z }",
    'import { LIMIT } from "../../lib/limit";\nimport { z }',
  );
  const greeting = async () => {
    const ada = await signedIn({ server: await testServer({ cwd: folder }) });
    const { content } = await ada.callTool({ name: "greet", arguments: { name: "World" } });
    return { text: (content as { text: string }[])[0]?.text, server: ada.server };
  };
  const first = await greeting();
  expect(first.text).toMatch(/\.1$/);
  await first.server.stop();
  expect((await greeting()).server.url).not.toBe(first.server.url);
  inLib("export const LIMIT = 22;\n");
  expect((await greeting()).text).toMatch(/\.22$/);
  inLib("export const LIMIT = ;\n");
  await expect(greeting()).rejects.toThrow(/^xmcp build failed\.\n(?=[\s\S]*lib\/limit\.ts)/);
  inLib("export const LIMIT = 3;\n");
  expect((await greeting()).text).toMatch(/\.3$/);
});

it("says what is wrong with a folder or an entry", async () => {
  const empty = await emptyFolder();
  await expect(testServer({ cwd: empty })).rejects.toThrow(`There is no xmcp project in ${empty}.`);
  await expect(testServer({ entry: "nope/http.js" })).rejects.toThrow(
    "Build it first, or leave `entry` out.",
  );
});

it("signedIn refuses whom the sign-in page would refuse, and prints no secret", async () => {
  await expect(signedIn({ user: "eve" })).rejects.toThrow("eve is banned and cannot sign in.");
  await expect(signedIn({ user: "grace", organization: "acme" })).rejects.toThrow(
    "grace is not a member of acme.",
  );
  const credential = (await testServer()).clerk.apiKeys.create({ subject: "ada" }).secret;
  await expect(signedIn({ credential })).rejects.toThrow("The server's reason: token_kind.");
  const ada = await signedIn({ user: "ada" });
  expect(inspect(ada, { depth: 9 })).not.toMatch(/eyJ|sk_test_/);
});

it("an edited tool is tested as it is now: in watch mode, and in the next run of Node's test runner", async () => {
  const folder = await projectWithExamples();
  writeFileSync(join(folder, "test/served.test.ts"), SERVED);
  const options = { cwd: folder, env: { NO_COLOR: "1" } };
  const vitest = start("vitest", ["--watch", "--dir", "test"], options);
  await vitest.printed("Tests  5 passed (5)");

  await edit(join(folder, "src/tools/greet.ts"), "Hello", "Goodbye");
  await edit(join(folder, "src/tools/whoami.ts"), "userId: session.userId", 'userId: "edited"');
  await vitest.printed("Tests  2 failed | 3 passed (5)");
  vitest.signal("SIGTERM");
  await vitest.exited;

  const node = await run("node", ["--test", "test/whoami.node.mjs"], options);
  expect(node).toMatchObject({ code: 1, output: expect.stringContaining("'edited'") });
});
