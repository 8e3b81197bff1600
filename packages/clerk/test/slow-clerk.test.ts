import { type ClerkFailure, getSession, getUser } from "@xmcp-dev/clerk";
import { describe, expect, it } from "vitest";
import { errorOf } from "./http-answer.js";
import { localClerk, protectedServer } from "./protected-server.js";

/** The time-outs are real: five seconds for documents, eight for the Backend API. The tests run concurrently. */
const LONGEST_MS = 12_000;

describe("a hanging Clerk does not block callers for long", () => {
  it.concurrent.each([
    ["signing keys", "/.well-known/jwks.json", "jwt"],
    ["verification of an opaque token", "/oauth_applications/*", "opaque"],
    ["userinfo", "/oauth/userinfo", "opaque"],
  ] as const)("%s: 503", async (_, path, format) => {
    const clerk = await localClerk();
    const server = await protectedServer(clerk);
    const { access_token } = await clerk.mint({
      resource: server.url,
      user: "ada",
      organization: "acme",
      format,
    });
    clerk.faults({ path, hang: true });
    const started = performance.now();
    const response = await server.call(access_token);
    expect(response.status).toBe(503);
    expect((await errorOf(response)).error).toBe("temporarily_unavailable");
    expect(performance.now() - started).toBeLessThan(LONGEST_MS);
    expect(server.events).toMatchObject([{ type: "clerk", change: "outage" }, { type: "deny" }]);
  });

  it.concurrent("metadata: 503", async () => {
    const clerk = await localClerk();
    const server = await protectedServer(clerk);
    clerk.faults({ path: "/.well-known/*", hang: true });
    expect((await server.fetch("/.well-known/oauth-authorization-server")).status).toBe(503);
  });

  it.concurrent("the organization's role: the request passes without it, and the next one does at once", async () => {
    const clerk = await localClerk();
    const server = await protectedServer(clerk, {}, () => getSession());
    const { access_token } = await clerk.mint({ resource: server.url, user: "ada", organization: "acme" });
    clerk.faults({ path: "/v1/*", hang: true });
    const response = await server.call(access_token);
    expect(response.status).toBe(200);
    expect(await response.json()).not.toHaveProperty("organizationRole");
    const started = performance.now();
    expect((await server.call(access_token)).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it.concurrent("a tool: an error that a person understands", async () => {
    const clerk = await localClerk();
    const server = await protectedServer(clerk, {}, () => getUser());
    const { access_token } = await clerk.mint({ resource: server.url });
    clerk.faults({ path: "/v1/*", hang: true });
    const failure = (await (await server.call(access_token)).json()) as ClerkFailure;
    expect(failure.message).toMatch(/^\[Clerk\] Clerk cannot be reached right now/);
  });
});
