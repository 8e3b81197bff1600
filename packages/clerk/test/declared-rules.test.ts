import type { AccessOptions } from "@xmcp-dev/clerk";
import { describe, expect, it, vi } from "vitest";
import type { Declaration, Declarations } from "../src/access/catalogue.js";
import { nameClashes } from "../src/access/name-clashes.js";
import { createAuthenticator } from "../src/authenticator.js";
import { readSettings } from "../src/options/settings.js";
import { protection } from "../src/protection.js";
import type { AuthRequest } from "../src/request/request.js";
import { authRequest } from "./auth-request.js";
import { localClerk, optionsFor } from "./protected-server.js";

const clerk = await localClerk();
const BASE = "http://127.0.0.1";

type Declared = Partial<
  Record<
    "tools" | "prompts" | "resources",
    readonly (Pick<Declaration, "name" | "access"> & { path?: string })[]
  >
>;

function optionsWith(access: AccessOptions) {
  return { ...optionsFor(clerk), baseURL: BASE, onEvent: false, access } as const;
}

/** A host whose files declare these tools, prompts and resources. */
function declaring(declared: Declared) {
  const withPaths = (kind: keyof Declared) =>
    (declared[kind] ?? []).map((declaration, index) => ({ path: `src/${kind}/${index}.ts`, ...declaration }));
  return {
    declare: async () => ({
      tools: withPaths("tools"),
      prompts: withPaths("prompts"),
      resources: withPaths("resources"),
    }),
  };
}

function authenticator(access: AccessOptions, declared: Declared) {
  return createAuthenticator(readSettings(optionsWith(access), {}), declaring(declared));
}

/** The problems that the start check finds, as `option: fix`. */
async function problems(access: AccessOptions, declared: Declared): Promise<readonly string[]> {
  const { compiled, checkScopes } = authenticator(access, declared);
  const found = [...(await compiled()).problems, ...(await checkScopes())];
  return found.map(({ option, fix }) => `${option}: ${fix}`);
}

async function request(method: string, params: object, scopes = ["profile"]) {
  const { access_token } = await clerk.mint({ resource: `${BASE}/mcp`, user: "grace", scopes });
  return authRequest([`Bearer ${access_token}`], { jsonrpc: "2.0", id: 1, method, params });
}

describe("a rule that a file declares", () => {
  const USES = {
    tools: ["tools/call", { name: "docs://a" }],
    prompts: ["prompts/get", { name: "docs://a" }],
    resources: ["resources/read", { uri: "docs://a" }],
  } as const;

  it.each(["tools", "prompts", "resources"] as const)(
    "applies even if the options have none (%s)",
    async (kind) => {
      const { decide } = authenticator({}, { [kind]: [{ name: "docs://a", access: { scopes: ["email"] } }] });
      const [method, params] = USES[kind];
      const refused = await decide(await request(method, params));
      expect(refused).toMatchObject({ outcome: "answered", response: { status: 403 } });
      const allowed = await decide(await request(method, params, ["profile", "email"]));
      expect(allowed).toMatchObject({ outcome: "authenticated" });
    },
  );

  it("adds its scopes to those that a step-up must keep", async () => {
    const { decide } = authenticator(
      {},
      {
        tools: [
          { name: "read", access: { scopes: ["documents:read"] } },
          { name: "write", access: { scopes: ["documents:write"] } },
        ],
      },
    );
    const decision = await decide(
      await request("tools/call", { name: "write" }, ["documents:read", "openid"]),
    );
    expect(decision).toMatchObject({
      response: {
        headers: {
          "www-authenticate": expect.stringContaining('scope="profile email documents:read documents:write"'),
        },
      },
    });
  });

  it("closes its tool if it is invalid, and is a problem", async () => {
    const tools = [
      { name: "wipe", access: { role: 7, scopes: [] } },
      { name: "look", access: undefined },
    ];
    expect(await problems({}, { tools })).toEqual([
      "access of wipe (tools) → scopes: name at least one scope",
      "access of wipe (tools) → role: a role, or a list of roles",
    ]);
    const { decide } = authenticator({}, { tools });
    expect(await decide(await request("tools/call", { name: "wipe" }))).toMatchObject({
      response: { status: 403 },
    });
    expect(await decide(await request("tools/call", { name: "look" }))).toMatchObject({
      outcome: "authenticated",
    });
  });

  it("still applies if a second file of the same name declares none", async () => {
    const tools = [
      { name: "wipe", access: "deny" },
      { name: "wipe", access: undefined },
    ];
    const { decide } = authenticator({}, { tools });
    expect(await decide(await request("tools/call", { name: "wipe" }))).toMatchObject({
      response: { status: 403 },
    });
  });
});

describe("a rule for something that does not exist", () => {
  const declared = {
    tools: [
      { name: "list-users", access: undefined },
      { name: "wipe", access: undefined },
    ],
    resources: [{ name: "docs://{id}", access: undefined }],
  };

  it.each([
    ["a misspelt tool", { tools: { wipes: "deny" } }, "tools → wipes", "list-users, wipe"],
    ["a pattern that matches no tool", { tools: { "drop*": "deny" } }, "tools → drop*", "list-users, wipe"],
    [
      "a pattern longer than the names",
      { tools: { "wiped*": "deny" } },
      "tools → wiped*",
      "list-users, wipe",
    ],
    ["a prompt in a server without prompts", { prompts: { wipe: "deny" } }, "prompts → wipe", "none"],
    [
      "a URI that no template matches",
      { resources: { "notes://1": "deny" } },
      "resources → notes://1",
      "docs://{id}",
    ],
    [
      "another template",
      { resources: { "notes://{id}": "deny" } },
      "resources → notes://{id}",
      "docs://{id}",
    ],
  ] satisfies [string, AccessOptions, string, string][])(
    "is a problem: %s",
    async (_, access, option, names) => {
      expect(await problems(access, declared)).toEqual([
        `access → ${option}: this name does not exist. Existing names: ${names}`,
      ]);
    },
  );

  it.each([
    ["a tool", { tools: { wipe: "deny" } }],
    ["a pattern", { tools: { "list-*": "deny", "*": "deny" } }],
    ["a template", { resources: { "docs://{id}": "deny" } }],
    ["a longer template of the same resources", { resources: { "docs://a/{page}": "deny" } }],
    ["a shorter pattern of the same resources", { resources: { "docs*": "deny" } }],
    ["one URI of a template", { resources: { "docs://7": "deny" } }],
    ["one URI of a template, in capitals", { resources: { "DOCS://7": "deny" } }],
  ] satisfies [string, AccessOptions][])("but a match is no problem: %s", async (_, access) => {
    expect(await problems(access, declared)).toEqual([]);
  });

  it("is not reported if unknownNames is ignore", async () => {
    const printed = [vi.spyOn(console, "warn"), vi.spyOn(console, "error")];
    const options = optionsWith({ tools: { wipes: "deny" }, unknownNames: "ignore" });
    await protection(options, declaring(declared), true).ready();
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });
});

describe("a scope that Clerk does not advertise", () => {
  const wants = (rule: object) => ({ tools: [{ name: "wipe", access: rule }] });

  it("is a problem in the options and in files", async () => {
    const found = await problems(
      { prompts: { read: { scopes: ["profile", "reports:read"] } } },
      { ...wants({ anyScope: ["reports:write"] }), prompts: [{ name: "read", access: undefined }] },
    );
    expect(found).toEqual([
      expect.stringMatching(/^access → scope reports:write: Clerk does not advertise it/),
      expect.stringMatching(/^access → scope reports:read: Clerk does not advertise it/),
    ]);
  });

  it("is reported with the problems of other rules", async () => {
    const found = await problems({ tools: { wipes: "deny" } }, wants({ scopes: ["reports:read"] }));
    expect(found).toEqual([
      expect.stringContaining("access → tools → wipes"),
      expect.stringContaining("access → scope reports:read"),
    ]);
  });

  it("is a problem only if the rule lets users in", async () => {
    const scopes = ["reports:read"];
    expect(await problems({}, wants({ scopes, callers: ["user", "machine"] }))).toHaveLength(1);
    expect(await problems({}, wants({ scopes, callers: ["api_key"] }))).toEqual([]);
  });

  it("is no problem if Clerk advertises no scopes at all", async () => {
    const path = "/.well-known/oauth-authorization-server";
    const metadata = (await (await fetch(clerk.issuer + path)).json()) as object;
    clerk.faults({ path, body: JSON.stringify({ ...metadata, scopes_supported: undefined }) });
    expect(await problems({}, wants({ scopes: ["reports:read"] }))).toEqual([]);
    clerk.faults();
  });

  it("is not checked while Clerk is unreachable: a warning says so, and other problems are found", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    clerk.faults({ path: "/.well-known/*", status: 500 });
    const found = await problems({ tools: { wipes: "deny" } }, wants({ scopes: ["reports:read"] }));
    clerk.faults();
    expect(found).toEqual([expect.stringContaining("access → tools → wipes")]);
    expect(warned.mock.calls).toEqual([[expect.stringContaining("were not checked")]]);
  });

  it("is not looked up if no rule needs a scope", async () => {
    clerk.requests({ reset: true });
    expect(await problems({}, wants({ role: "org:admin" }))).toEqual([]);
    expect(clerk.requests()).toEqual([]);
  });
});

describe("names that clash", () => {
  const file = (path: string, name: string, more: object = {}) => ({
    path,
    name,
    access: undefined,
    ...more,
  });
  const NOTHING = { tools: [], prompts: [], resources: [] };

  it.each<[string, Partial<Declarations>, string]>([
    [
      "two tools",
      {
        tools: [
          file("src/tools/b.ts", "wipe"),
          file("src/tools/a.ts", "wipe"),
          file("src/tools/c.ts", "look"),
        ],
      },
      "tools → wipe: src/tools/a.ts and src/tools/b.ts both have this name",
    ],
    [
      "two prompts",
      { prompts: [file("src/prompts/a.ts", "ask"), file("src/prompts/b.ts", "ask")] },
      "prompts → ask: src/prompts/a.ts and src/prompts/b.ts both have this name",
    ],
    [
      "two resources",
      { resources: [file("a.ts", "docs://a"), file("b.ts", "docs://a")] },
      "resources → docs://a: a.ts and b.ts both have this name",
    ],
    [
      "two templates, by their names",
      {
        resources: [
          file("src/resources/(users)/[id]/index.ts", "users://{id}", { templateName: "index" }),
          file("src/resources/(docs)/[id]/index.ts", "docs://{id}", { templateName: "index" }),
        ],
      },
      "resource templates → index: src/resources/(docs)/[id]/index.ts and src/resources/(users)/[id]/index.ts both",
    ],
    [
      "the page of a tool and a resource",
      {
        tools: [file("src/tools/x.ts", "x", { page: "ui://app/x.html" })],
        resources: [file("src/resources/(ui)/app/x.ts", "ui://app/x.html")],
      },
      "resources → ui://app/x.html: src/resources/(ui)/app/x.ts and src/tools/x.ts both have this name",
    ],
    [
      "a name of JavaScript's",
      { tools: [file("a.ts", "toString")] },
      "tools → toString: a.ts cannot have this name",
    ],
    ["another", { prompts: [file("a.ts", "__proto__")] }, "prompts → __proto__: a.ts cannot have this name"],
  ])("%s", (_, declared, expected) => {
    const clashes = nameClashes({ ...NOTHING, ...declared });
    expect(clashes.map(({ option, fix }) => `${option}: ${fix}`)).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  it("not: a tool and a prompt of one name, a resource named as a template", () => {
    const tools = [file("src/tools/a.ts", "a"), file("src/tools/b.ts", "b")];
    const prompts = [file("src/prompts/a.ts", "a")];
    const resources = [file("c.ts", "docs://index"), file("d.ts", "docs://{id}", { templateName: "index" })];
    expect(nameClashes({ tools, prompts, resources })).toEqual([]);
  });

  it.each(["error", "ignore"] as const)(
    "stop the server, also with unknownNames: %s",
    async (unknownNames) => {
      const printed = vi.spyOn(console, "error").mockImplementation(() => {});
      vi.stubEnv("NODE_ENV", "production");
      const tools = [file("src/tools/a.ts", "wipe"), file("src/tools/b.ts", "wipe")];
      const protecting = protection(
        { ...optionsFor(clerk), baseURL: "http://127.0.0.1", access: { unknownNames } },
        { declare: async () => ({ ...NOTHING, tools }) },
        false,
      );
      await protecting.ready();
      expect(printed.mock.calls.join()).toMatch(
        / {2}- tools → \S+: .* both have this name; rename one \(metadata\.name\)$/,
      );
      expect(await protecting.decide({} as AuthRequest)).toMatchObject({ response: { status: 500 } });
    },
  );
});

it("a server with a file that cannot be loaded answers every request with 500, and prints the reason", async () => {
  const printed = vi.spyOn(console, "error").mockImplementation(() => {});
  const declare = async () => {
    throw new Error("broken");
  };
  const { decide, ready, checkScopes } = protection(optionsWith({}), { declare }, false);
  await ready();
  expect(printed.mock.calls).toEqual([[expect.stringContaining("cannot be loaded"), new Error("broken")]]);
  expect(await decide(await request("tools/list", {}))).toMatchObject({ response: { status: 500 } });
  await expect(checkScopes()).resolves.toBeUndefined();
});

it("a build that the app loads after its first request brings the rules in its files", async () => {
  let declared: Declarations | undefined;
  const host = { declare: async () => declared, isDeclared: () => declared !== undefined };
  const { decide, ready } = protection(optionsWith({}), host, false);
  await ready();
  expect(await decide(await request("tools/call", { name: "wipe" }))).toMatchObject({
    outcome: "authenticated",
  });
  const tools = [{ path: "src/tools/wipe.ts", name: "wipe", access: "deny" }];
  declared = { tools, prompts: [], resources: [] };
  for (let time = 0; time < 2; time += 1) {
    expect(await decide(await request("tools/call", { name: "wipe" }))).toMatchObject({
      response: { status: 403 },
    });
    expect(await decide(await request("tools/list", {}))).toMatchObject({ outcome: "answered" });
  }
});

describe("rules of a server whose tools are unknown", () => {
  it.each([
    ["a rule", { tools: { wipe: "deny" } }],
    ["a rule, with names not checked", { tools: { wipe: "deny" }, unknownNames: "ignore" }],
    ["a default", { default: "deny" }],
  ] satisfies [string, AccessOptions][])(
    "keep it from serving, and the message says what to add: %s",
    async (_, access) => {
      const printed = vi.spyOn(console, "error").mockImplementation(() => {});
      const { decide } = protection(optionsWith(access), {}, false);
      expect(await decide(await request("tools/call", { name: "look" }))).toMatchObject({
        response: { status: 500 },
      });
      expect(printed.mock.calls).toEqual([[expect.stringContaining("bundler: declareToApp")]]);
    },
  );

  it("without a rule, the server serves", async () => {
    const { decide } = protection(optionsWith({}), {}, false);
    expect(await decide(await request("tools/call", { name: "look" }))).toMatchObject({
      outcome: "authenticated",
    });
  });
});

describe("a problem that the start check finds", () => {
  const misspelt = (unknownNames?: "error" | "warn" | "ignore") =>
    optionsWith({ tools: { wipes: "deny" }, unknownNames });
  const host = declaring({ tools: [{ name: "wipe", access: undefined }] });
  const MESSAGE = expect.stringMatching(/^\[Clerk\] [\s\S]*access → tools → wipes/);

  function watched() {
    return {
      warned: vi.spyOn(console, "warn").mockImplementation(() => {}),
      printed: vi.spyOn(console, "error").mockImplementation(() => {}),
      exited: vi.spyOn(process, "exit").mockImplementation((() => {}) as never),
    };
  }

  it.each([
    ["in production", "production", undefined],
    ["where NODE_ENV is not set, as by `node server.mjs`", "", undefined],
    ["in tests", "test", undefined],
    ["in development, with unknownNames: error", "development", "error"],
  ] as const)("ends the process %s", async (_, mode, unknownNames) => {
    vi.stubEnv("NODE_ENV", mode);
    const { warned, printed, exited } = watched();
    await protection(misspelt(unknownNames), host, true).ready();
    expect([printed.mock.calls, warned.mock.calls, exited.mock.calls]).toEqual([[[MESSAGE]], [], [[1]]]);
  });

  it("answers every request with 500 where the process must not end", async () => {
    const { printed, exited } = watched();
    const guarded = protection(misspelt("error"), host, false);
    const call = await request("tools/call", { name: "wipe" });
    expect(await guarded.decide(call)).toMatchObject({ outcome: "answered", response: { status: 500 } });
    expect([printed.mock.calls, exited.mock.calls]).toEqual([[[MESSAGE]], []]);
  });

  it.each([
    ["in development", "development", undefined],
    ["in production, with unknownNames: warn", "production", "warn"],
  ] as const)("is a warning %s, and the server runs", async (_, mode, unknownNames) => {
    vi.stubEnv("NODE_ENV", mode);
    const { warned, printed, exited } = watched();
    const guarded = protection(misspelt(unknownNames), host, true);
    await guarded.ready();
    expect([printed.mock.calls, warned.mock.calls, exited.mock.calls]).toEqual([[], [[MESSAGE]], []]);
    expect(await guarded.decide(await request("tools/call", { name: "wipe" }))).toMatchObject({
      outcome: "authenticated",
    });
  });

  it("prints nothing if there is none", async () => {
    const { warned, printed, exited } = watched();
    await protection(optionsWith({ tools: { wipe: "deny" }, unknownNames: "error" }), host, true).ready();
    expect([printed.mock.calls, warned.mock.calls, exited.mock.calls]).toEqual([[], [], []]);
  });
});
