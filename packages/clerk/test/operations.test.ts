import type { AccessOptions } from "@xmcp-dev/clerk";
import { describe, expect, it } from "vitest";
import { declareTools } from "./guarded-tools.js";
import { localClerk, protectedServer } from "./protected-server.js";

declareTools("pro");

const clerk = await localClerk();

async function serverWith(access: AccessOptions) {
  const server = await protectedServer(clerk, { access });
  const user = (name: string) => async (method: string, params: unknown) => {
    const { access_token } = await clerk.mint({ resource: server.url, user: name });
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    };
    return (await server.fetch("/mcp", access_token, init)).status;
  };
  return { as: user, send: user("grace") };
}

describe('with everything closed except docs://open and the prompt "open", a message is', async () => {
  const open = "authenticated";
  const { send } = await serverWith({
    default: "deny",
    resources: { "docs://open": open, "docs://open/{id}": open },
    prompts: { open },
  });

  it.each([
    ["a prompt's argument", { ref: { type: "ref/prompt", name: "open" } }, 200],
    ["a closed prompt's argument", { ref: { type: "ref/prompt", name: "closed" } }, 403],
    ["a prompt, named as a resource is", { ref: { type: "ref/prompt", uri: "docs://open" } }, 403],
    ["a template's variable", { ref: { type: "ref/resource", uri: "docs://open/{id}" } }, 200],
    ["a closed template's variable", { ref: { type: "ref/resource", uri: "docs://closed/{id}" } }, 403],
    ["a resource, in capitals", { ref: { type: "ref/resource", uri: "DOCS://open" } }, 200],
    ["no resource", { ref: { type: "ref/resource" } }, 403],
    [
      "another kind of reference, which names nothing",
      { ref: { type: "ref/other", uri: "docs://closed" } },
      200,
    ],
    ["no kind of reference, which names nothing", { ref: { uri: "docs://closed", name: "closed" } }, 200],
    ["no reference, which names nothing", {}, 200],
    ["a reference of null, which names nothing", { ref: null }, 200],
  ] as const)("judged by the reference to complete: %s", async (_, params, status) => {
    expect(await send("completion/complete", params)).toBe(status);
  });

  it.each([
    ["resources/read", { uri: "docs://open" }, 200],
    ["resources/read", { uri: "DOCS://open" }, 200],
    ["resources/read", { uri: "docs://closed" }, 403],
    ["resources/subscribe", { uri: "docs://open" }, 200],
    ["resources/subscribe", { uri: "docs://closed" }, 403],
    ["resources/unsubscribe", { uri: "docs://open" }, 200],
    ["resources/unsubscribe", { uri: "docs://closed" }, 403],
    ["subscriptions/listen", { notifications: { resourceSubscriptions: ["docs://open"] } }, 200],
    [
      "subscriptions/listen",
      { notifications: { resourceSubscriptions: ["docs://open", "docs://closed"] } },
      403,
    ],
    ["subscriptions/listen", { notifications: { resourceSubscriptions: "docs://closed" } }, 200],
    ["subscriptions/listen", { notifications: {} }, 200],
    ["subscriptions/listen", { notifications: null }, 200],
    ["subscriptions/listen", {}, 200],
    ["resources/read", null, 403],
    ["prompts/get", { name: "open" }, 200],
    ["prompts/get", { name: 7 }, 403],
    ["tools/call", { name: "open" }, 403],
    ["ping", undefined, 200],
  ])("judged by what it names: %s %j", async (method, params, status) => {
    expect(await send(method, params)).toBe(status);
  });
});

describe("a rule for a URI", async () => {
  const { send } = await serverWith({
    resources: {
      "HTTP://Example.COM/%7Eada/../notes": "deny",
      "not a uri": "deny",
      "HTTP://Other.example/*": "deny",
    },
  });

  it.each([
    ["http://example.com/notes", 403],
    ["HTTP://EXAMPLE.com/notes", 403],
    ["http://example.com/x/../notes", 403],
    ["http://example.com/Notes", 200],
    ["not a uri", 403],
  ])("is found for equivalent forms of the URI: %s", async (uri, status) => {
    expect(await send("resources/read", { uri })).toBe(status);
  });
});

describe("a rule of a tool", async () => {
  const { send } = await serverWith({
    tools: {
      open: { role: undefined, scopes: undefined, users: undefined },
      closed: { role: undefined, scopes: ["documents:read"] },
      "HTTP://Tool": "deny",
    },
  });

  it("ignores members that are undefined", async () => {
    expect(await send("tools/call", { name: "open" })).toBe(200);
    expect(await send("tools/call", { name: "closed" })).toBe(403);
  });

  it("compares names literally, even if they look like a URI", async () => {
    expect(await send("tools/call", { name: "HTTP://Tool" })).toBe(403);
    expect(await send("tools/call", { name: "http://tool/" })).toBe(200);
  });
});

describe("a user's metadata is looked up", async () => {
  const USER = /^\/v1\/users\/[^/]+$/;
  const metadata = { plan: "pro" };
  const { as } = await serverWith({
    tools: { pro: { metadata }, plain: { scopes: ["profile"] } },
    prompts: { plain: { scopes: ["profile"] } },
  });

  async function lookUps(method: string, params: object): Promise<number> {
    const { id } = clerk.users.create();
    clerk.requests({ reset: true });
    await as(id)(method, params);
    return clerk.requests().filter(({ path }) => USER.test(path)).length;
  }

  it.each([
    ["a call of a tool, if a tool's rule needs it", "tools/call", { name: "pro" }, 1],
    ["a list of tools, if a tool's rule needs it", "tools/list", {}, 1],
    ["no prompt, if no prompt's rule needs it", "prompts/get", { name: "plain" }, 0],
    ["no list of prompts, if no prompt's rule needs it", "prompts/list", {}, 0],
    ["no resource, if resources have no rule", "resources/read", { uri: "docs://a" }, 0],
    ["no message without a name", "ping", {}, 0],
  ])("for %s", async (_, method, params, count) => {
    expect(await lookUps(method, params)).toBe(count);
  });

  it("once for a batch in which one message needs it", async () => {
    const { id } = clerk.users.create();
    const server = await protectedServer(clerk, { access: { tools: { pro: { metadata } } } });
    const { access_token } = await clerk.mint({ resource: server.url, user: id });
    clerk.requests({ reset: true });
    const messages = ["prompts/list", "tools/list", "ping"].map((method, index) => ({
      jsonrpc: "2.0",
      id: index,
      method,
    }));
    await server.fetch("/mcp", access_token, { method: "POST", body: JSON.stringify(messages) });
    expect(clerk.requests().filter(({ path }) => USER.test(path))).toHaveLength(1);
  });
});
