import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

/** Prints each module of Clerk's SDK as it is imported. */
const HOOK = `
  import { writeSync } from "node:fs";
  export async function resolve(specifier, context, next) {
    if (specifier === "@clerk/backend") writeSync(1, "SDK loaded\\n");
    return next(specifier, context);
  }`;

const CODE = `
  import { once } from "node:events";
  import { writeSync } from "node:fs";
  import { createServer } from "node:http";
  import { register } from "node:module";
  import { createClerkLocal } from "@xmcp-dev/clerk-local";
  register("data:text/javascript," + encodeURIComponent(${JSON.stringify(HOOK)}));
  const { clerkProvider } = await import("@xmcp-dev/clerk");

  const clerk = await createClerkLocal({ port: 0 });
  const { secretKey, issuer: clerkDomain, apiUrl } = clerk;
  const server = createServer((request, response) => middleware(request, response, () => response.end("accepted")));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const baseURL = "http://127.0.0.1:" + server.address().port;
  const middleware = clerkProvider({ secretKey, clerkDomain, apiUrl, baseURL, onEvent: false });
  for (const format of ["jwt", "opaque"]) {
    const { access_token } = await clerk.mint({ resource: baseURL + "/mcp", format });
    const response = await fetch(baseURL + "/mcp", { headers: { authorization: "Bearer " + access_token } });
    writeSync(1, await response.text() + "\\n");
  }
  process.exit();`;

it("Clerk's SDK is not loaded before the first call of the Backend API", () => {
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", CODE], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  expect(stdout).toBe("accepted\nSDK loaded\naccepted\n");
});
