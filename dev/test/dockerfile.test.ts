import { readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { validate } from "dockerfile-utils";
import { expect, it } from "vitest";
import { trackedFiles } from "./scaffold/tracked-files.js";
import { eventually } from "./support/eventually.js";
import { buildImage, contextFiles, type Image } from "./support/image.js";
import { type Program, run, start } from "./support/program.js";
import { standIn } from "./support/protected-template.js";
import { keepServerOutput } from "./support/server-output.js";
import { copyInto, emptyFolder, ROOT } from "./support/template.js";
import { waitingCall } from "./support/waiting-call.js";

const SECRETS = [
  ".env",
  ".env.production",
  "src/.env",
  "packages/clerk/.env",
  ".clerk-local/state.json",
  ".npmrc",
];

const context = await emptyFolder();
await copyInto(context, await trackedFiles());
for (const path of [...SECRETS, "dist/http.js", "node_modules/x/index.js", "notes.txt"]) {
  await mkdir(join(context, dirname(path)), { recursive: true });
  await writeFile(join(context, path), "left behind");
}
const image = await buildImage(context);

it("a linter finds no fault in the Dockerfile", () => {
  expect(validate(readFileSync(join(ROOT, "Dockerfile"), "utf8"))).toEqual([]);
});

it("the build context has the sources, and no secrets, tests or build output", async () => {
  const files = await contextFiles(context);
  expect(files).toEqual(expect.arrayContaining(["package-lock.json", "src/middleware.ts", "xmcp.config.ts"]));
  const surplus = /(^|\/)(\.|node_modules\/|dist\/|test\/)|^(docs|dev|examples)\/|notes/;
  expect(files.filter((path) => surplus.test(path))).toEqual([]);
});

it("the image has only the built server and its source map, and runs as an ordinary user", () => {
  expect(readdirSync(image.root)).toEqual(["app"]);
  expect(readdirSync(join(image.root, "app"))).toEqual(["http.js", "http.js.map"]);
  expect(image).toMatchObject({ user: "node", ports: ["3001"], env: { HOST: "0.0.0.0", PORT: "3001" } });
});

it("a container starts, is healthy, serves requests, and drains on SIGTERM", async () => {
  const clerk = await standIn();
  const port = String(await freePort());
  const origin = `http://127.0.0.1:${port}`;
  const env = { ...image.env, ...clerk.env, PORT: port, BASE_URL: origin };
  const container = startAsUser(image, env);
  await container.printed("MCP Server running on http://0.0.0.0");
  const health = () => run(image.healthcheck[0] ?? "", image.healthcheck.slice(1), { cwd: "/", env });
  expect(await health()).toMatchObject({ code: 0, output: "" });

  const { answer } = await waitingCall(clerk, `${origin}/mcp`);
  container.signal("SIGTERM");
  await eventually("it is no longer healthy", async () => (await health()).code === 1);
  expect(await answer).toHaveProperty("structuredContent.email", "ada@example.com");
  expect(await container.exited).toBe(0);
  keepServerOutput(container.output());
});

/** Only root can and must change the user. In Node's images, `node` has the id 1000. */
function startAsUser({ root, workdir, cmd }: Image, env: Record<string, string>): Program {
  const user = process.getuid?.() === 0 ? ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups"] : [];
  const [program = "", ...args] = [...user, ...cmd];
  return start(program, args, { cwd: join(root, workdir), env });
}
