import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type ClerkLocalOptions, createClerkLocal } from "@xmcp-dev/clerk-local";
import { describe, expect, it, onTestFinished } from "vitest";
import { standIn } from "./support/stand-in.js";

describe("starting", () => {
  it("takes a free port, and uses the host 127.0.0.1 everywhere", async () => {
    const local = await standIn();
    expect(local.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(local.apiUrl).toBe(local.issuer);
    expect(local.env).toEqual({
      CLERK_SECRET_KEY: local.secretKey,
      CLERK_DOMAIN: local.issuer,
      CLERK_PUBLISHABLE_KEY: local.publishableKey,
      CLERK_API_URL: local.apiUrl,
    });
  });

  it("has a publishable key that names its host, as Clerk's do", async () => {
    const local = await standIn();
    const [, encoded = ""] = /^pk_test_(.+)$/.exec(local.publishableKey) ?? [];
    expect(Buffer.from(encoded, "base64").toString()).toBe(`${new URL(local.issuer).host}$`);
  });

  it("has new keys each time", async () => {
    const [one, other] = [await standIn(), await standIn()];
    expect(one.secretKey).toMatch(/^sk_test_\w{42}$/);
    expect(one.secretKey).not.toBe(other.secretKey);
    expect(one.jwtKey).toMatch(/^-----BEGIN PUBLIC KEY-----/);
    expect(one.jwtKey).not.toBe(other.jwtKey);
  });

  it("uses a given secret key", async () => {
    const local = await standIn({ secretKey: "sk_test_mine" });
    expect(local.env.CLERK_SECRET_KEY).toBe("sk_test_mine");
  });

  it.each<[string, ClerkLocalOptions, string]>([
    ["a host that is not the loopback interface", { host: "0.0.0.0" }, "host"],
    ["a secret key of a real instance", { secretKey: "sk_live_abc" }, "secretKey"],
    ["an invalid port", { port: 70_000 }, "port"],
    ["an unknown token format", { tokenFormat: "jwe" as "jwt" }, "tokenFormat"],
    ["a lifetime of zero", { accessTokenTtlSeconds: 0 }, "accessTokenTtlSeconds"],
    ["auto-approval for a user who does not exist", { autoApprove: { user: "nobody" } }, "nobody"],
  ])("refuses %s", async (_name, options, problem) => {
    await expect(createClerkLocal(options)).rejects.toThrow(problem);
  });

  it("names every invalid option in one message", async () => {
    const start = createClerkLocal({ host: "localhost", port: -1, timeUnit: "m" as "s" });
    await expect(start).rejects.toThrow(/host[\s\S]*port[\s\S]*timeUnit/);
  });

  it("says how to choose another port when its own is taken", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void squatter.close());
    await new Promise((resolve) => squatter.once("listening", resolve));
    const { port } = squatter.address() as AddressInfo;
    await expect(createClerkLocal({ port })).rejects.toThrow(/taken.*--port/);
  });
});

describe("requests from other hosts and sites", () => {
  it("are refused for another Host, as in DNS rebinding", async () => {
    const local = await standIn();
    const { status, body } = await rawRequest(`${local.issuer}/v1/users`, { host: "evil.example:4400" });
    expect(status).toBe(421);
    expect(body).toContain("host_invalid");
  });

  it("are redirected to 127.0.0.1 if they use another loopback name", async () => {
    const local = await standIn();
    const { port } = new URL(local.issuer);
    const { status, headers } = await rawRequest(`${local.issuer}/oauth/authorize?client_id=x`, {
      host: `localhost:${port}`,
    });
    expect(status).toBe(303);
    expect(headers.location).toBe(`${local.issuer}/oauth/authorize?client_id=x`);
  });

  it("are refused with a body that is too large", async () => {
    const local = await standIn();
    const answer = await fetch(`${local.issuer}/v1/oauth_applications/access_tokens/verify`, {
      method: "POST",
      headers: { authorization: `Bearer ${local.secretKey}` },
      body: "x".repeat(100_000),
    });
    expect(answer.status).toBe(413);
  });
});

/** Sends a Host header, which fetch does not allow. */
async function rawRequest(url: string, headers: Record<string, string>) {
  const { get } = await import("node:http");
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      get(url, { headers }, (answer) => {
        let body = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => {
          body += chunk;
        });
        answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
      }).on("error", reject);
    },
  );
}
