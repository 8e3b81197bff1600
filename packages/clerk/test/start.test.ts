import { spawnSync } from "node:child_process";
import { clerkProvider } from "@xmcp-dev/clerk";
import { describe, expect, it, vi } from "vitest";
import { errorOf } from "./http-answer.js";
import { listening } from "./protected-server.js";

function start(code: string, environment: Record<string, string>) {
  return spawnSync(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: import.meta.dirname,
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...environment },
  });
}

describe("on Node a wrong configuration stops the start", () => {
  const PADDING = `"${"minified ".repeat(2_000)}";`;
  const CODE = `${PADDING}const { clerkProvider } = await import("@xmcp-dev/clerk"); clerkProvider(); console.log("started");`;

  it("with one message as the only output, and a non-zero exit", () => {
    const { status, stdout, stderr } = start(CODE, { BASE_URL: "http://127.0.0.1:3001" });
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^\[Clerk\] Missing required config:\n {2}- CLERK_SECRET_KEY[^\n]*\n {2}- CLERK_DOMAIN/,
    );
    expect(stderr).toMatch(/npm run dev:local\n$/);
    expect(stderr).not.toMatch(/minified| {4}at /);
  });

  it("and a correct one starts, without any request", () => {
    const { status, stdout, stderr } = start(CODE, {
      BASE_URL: "http://127.0.0.1:3001",
      CLERK_SECRET_KEY: "sk_test_1234567890",
      CLERK_DOMAIN: "http://127.0.0.1:9",
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "started\n", stderr: "" });
  });

  it("and Node still prints other errors", () => {
    const code = `const { clerkProvider } = await import("@xmcp-dev/clerk");
      try { clerkProvider() } catch {}
      throw new RangeError("something else");`;
    const { status, stderr } = start(code, {});
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/RangeError: something else\n {4}at /);
    expect(stderr).not.toContain("[Clerk]");
  });
});

it("clerkProvider that is exported without its parentheses says so, instead of reading the request as options", async () => {
  const { IncomingMessage } = await import("node:http");
  const { Socket } = await import("node:net");
  for (const request of [new IncomingMessage(new Socket()), new Request("https://a.example/mcp")])
    expect(() => clerkProvider(request as object)).toThrow(/export default clerkProvider\(\);$/);
});

describe("on a serverless platform a wrong configuration", () => {
  it.each(["VERCEL", "AWS_LAMBDA_FUNCTION_NAME"])("is logged and answered 500 (%s)", async (platform) => {
    vi.stubEnv(platform, "1");
    vi.stubEnv("CLERK_SECRET_KEY", "");
    const printed = vi.spyOn(console, "error").mockImplementation(() => {});
    const middleware = clerkProvider({ clerkDomain: "http://127.0.0.1:9" });
    expect(printed.mock.calls).toEqual([[expect.stringMatching(/^\[Clerk\] Missing required config:/)]]);

    const next = vi.fn();
    const origin = await listening((request, response) => middleware(request, response, next));
    for (const path of ["/mcp", "/", "/.well-known/oauth-protected-resource"]) {
      for (const method of ["GET", "POST", "OPTIONS"]) {
        const response = await fetch(origin + path, { method });
        expect(response.status).toBe(500);
        expect(response.headers.get("cache-control")).toBe("no-store");
        expect(await errorOf(response)).toEqual({
          error: "server_error",
          error_description: "Authentication service misconfigured",
        });
      }
    }
    expect(next).not.toHaveBeenCalled();
  });
});
