import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "./support/program.js";
import { edit, ROOT, templateCopy } from "./support/template.js";

it("npm run demo shows every step, from the first refusal to a refused foreign token", async () => {
  const { code, output } = await run("node", ["test/demo.mjs"], { cwd: ROOT });
  expect(code, output).toBe(0);
  const steps = [
    /POST \/mcp → 401/,
    /WWW-Authenticate: Bearer scope="profile email", resource_metadata="/,
    /GET \/\.well-known\/oauth-protected-resource\/mcp → 200/,
    /GET \/\.well-known\/oauth-authorization-server → 200/,
    /POST \/oauth\/register → 201/,
    /GET \/oauth\/authorize → 303/,
    /POST \/oauth\/token → 200/,
    /is connected/,
    /greet\n[\s\S]*"greeting": "Hello, World! You are signed in as user_/,
    /whoami\n[\s\S]*"clientId": /,
    /get-user-info\n[\s\S]*"email": "ada@example\.com"/,
    /get-my-organizations\n[\s\S]*"totalCount": 2/,
    /is refused +POST \/mcp → 401/,
    /Everything works/,
  ];
  let rest = output;
  for (const step of steps) {
    expect(rest).toMatch(step);
    rest = rest.slice(rest.search(step));
  }
  expect(output).not.toMatch(/eyJ|sk_test_|Bearer ey/);
});

it("npm run demo fails if the server accepts every request", async () => {
  const cwd = await templateCopy();
  // xmcp's own server, which reads PORT only if the configuration has no usable one.
  await writeFile(
    join(cwd, "xmcp.config.ts"),
    `export default {
      http: { endpoint: "/mcp", port: Infinity, host: "127.0.0.1" },
      paths: { prompts: false, resources: false },
      typescript: { skipTypeCheck: true },
    };\n`,
  );
  await rm(join(cwd, "src/middleware.ts"));
  // Checking the types takes longer than the rest, and `build.test.ts` shows that a build does it.
  await edit(join(cwd, "package.json"), 'tsc --noEmit && xmcp build"', 'xmcp build"');
  const { code, output } = await run("npm", ["run", "demo"], { cwd });
  expect(code).toBe(1);
  expect(output).toMatch(/✘ .*The server accepted a client without a token/);
});
