import type { AccessOptions, AccessRules, ClerkProviderOptions } from "@xmcp-dev/clerk";
import type { McpServer } from "@xmcp-dev/clerk-local/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtApp, runningApp } from "./access-app.js";
import { challengeOf, errorOf } from "./http-answer.js";
import { localClerk } from "./protected-server.js";

/**
 * The expected outcomes, written by hand. `ok`: the call runs. `no`: 403 `access_denied` without a challenge, because no
 * sign-in would help. `org`: 403 `access_denied` with a challenge for `user:org:read`. `read`, `write`: 403
 * `insufficient_scope` with a challenge for `documents:read`, `documents:write`. `write+org`: with a challenge for both.
 */
const TABLE = `
                 admin  member  writer  plain      none-chosen  left   user-key  org-key  machine  machine-jwt
unlisted         ok     ok      ok      ok         ok           ok     ok        ok       ok       ok
open             ok     ok      ok      ok         ok           ok     ok        ok       ok       ok
empty            ok     ok      ok      ok         ok           ok     ok        ok       ok       ok
closed           no     no      no      no         no           no     no        no       no       no
scope            ok     read    ok      read       read         read   ok        ok       read     read
scopes           write  r+w     ok      r+w        r+w          r+w    write     write    r+w      r+w
any-scope        ok     write   ok      write      write        write  ok        ok       write    write
role             ok     no      org     org        no           no     no        no       no       no
one-of-roles     ok     ok      org     org        no           no     no        no       no       no
permission       ok     no      org     org        no           no     no        no       no       no
permissions      ok     no      org     org        no           no     no        no       no       no
organization     ok     ok      org     org        no           no     no        ok       no       no
organizations    ok     ok      org     org        no           no     no        ok       no       no
elsewhere        no     no      org     org        no           no     no        no       no       no
metadata         ok     no      no      no         no           no     ok        no       no       no
users            ok     no      no      no         no           no     ok        no       no       no
users-only       ok     ok      ok      ok         ok           ok     no        no       no       no
keys-only        no     no      no      no         no           no     ok        ok       no       no
machines-only    no     no      no      no         no           no     no        no       ok       ok
users-who-read   ok     read    ok      read       read         read   no        no       no       no
team-report      ok     no      org     org        no           no     no        no       no       no
team-notice      ok     ok      ok      ok         ok           ok     ok        ok       ok       ok
own              ok     read    ok      read       read         read   ok        ok       read     read
own-and-listed   write  no      org     write+org  no           no     no        no       no       no
`;

type Rules = NonNullable<AccessRules[string]>;

/** The rule for each name in the table. The `own…` names (also) have a rule in their own file. */
const RULES: Readonly<Record<string, Rules>> = {
  open: "authenticated",
  empty: {},
  closed: "deny",
  scope: { scopes: ["documents:read"] },
  scopes: { scopes: ["documents:read", "documents:write"] },
  "any-scope": { anyScope: ["documents:write", "documents:read"] },
  role: { role: "org:admin" },
  "one-of-roles": { role: ["admin", "org:member"] },
  permission: { permission: "org:documents:delete" },
  permissions: { permission: ["org:documents:read", "documents:write"] },
  organization: { organization: true },
  organizations: { organizations: ["org_local000000000000000000acme"] },
  elsewhere: { organizations: ["org_local0000000000000000globex"] },
  metadata: { metadata: { plan: ["pro", "team"] } },
  users: { users: ["user_local0000000000000000000ada"] },
  "users-only": { callers: ["user"] },
  "keys-only": { callers: ["api_key"] },
  "machines-only": { callers: ["machine"] },
  "users-who-read": { scopes: ["documents:read"], callers: ["user"] },
  "team-*": { role: "org:admin" },
  "team-no*": "authenticated",
  "own-and-listed": { role: "org:admin" },
};
const OWN = {
  own: { scopes: ["documents:read"] },
  "own-and-listed": { scopes: ["documents:write"] },
  memos: { role: "org:admin" },
} as const;

const SCOPES: Readonly<Record<string, readonly string[]>> = {
  read: ["documents:read"],
  write: ["documents:write"],
  "r+w": ["documents:read", "documents:write"],
  org: ["user:org:read"],
  "write+org": ["documents:write", "user:org:read"],
};

type Cell = string;
const [header = [], ...rows] = TABLE.trim()
  .split("\n")
  .map((line) => line.trim().split(/\s+/));
const CALLERS = header;
const NAMES = rows.map(([name = ""]) => name);
const cellOf = (name: string, caller: string): Cell =>
  rows.find(([row]) => row === name)?.[CALLERS.indexOf(caller) + 1] ?? "missing";

const clerk = await localClerk();
const options = (access: AccessOptions): ClerkProviderOptions => ({
  accepts: ["oauth_token", "api_key", "m2m_token"],
  machineId: "mch_thisserver",
  access: {
    tools: RULES,
    prompts: RULES,
    resources: {
      ...Object.fromEntries(Object.entries(RULES).map(([name, rule]) => [`records://${name}`, rule])),
      "docs://{id}": { scopes: ["documents:read"] },
      "docs://9": "deny",
    },
    scopeHierarchy: { "documents:write": ["documents:read"] },
    ...access,
  },
});
const folder = builtApp([...NAMES, "companion"], ["docs", "memos"], OWN);
clerk.machines.create({ id: "mch_thisserver" });
const app = await runningApp(folder, clerk, options({}));
const reachable = await runningApp(folder, clerk, options({ lists: "reachable" }));
const closedByDefault = await runningApp(folder, clerk, options({ lists: "all", default: "deny" }));

async function credentials({ url: resource }: McpServer): Promise<Readonly<Record<string, string>>> {
  const userToken = async (user: string, scopes: string[], organization?: string) =>
    (await clerk.mint({ resource, user, scopes, ...(organization && { organization }) })).access_token;
  const machine = clerk.machines.create({ scopedMachines: ["mch_thisserver"] });
  const scopes = ["mch_thisserver"];
  return {
    admin: await userToken("ada", ["profile", "email", "documents:read"], "acme"),
    member: await userToken("bob", ["profile", "email"], "acme"),
    writer: await userToken("grace", ["profile", "documents:write"]),
    plain: await userToken("grace", ["profile"]),
    "none-chosen": await userToken("grace", ["profile", "user:org:read"]),
    left: await userToken("grace", ["profile"], "acme"),
    "user-key": clerk.apiKeys.create({ subject: "ada", scopes: ["documents:read"] }).secret,
    "org-key": clerk.apiKeys.create({ subject: "acme", scopes: ["documents:read"] }).secret,
    machine: (await clerk.machines.token(machine.id, { format: "opaque", scopes })).token,
    "machine-jwt": (await clerk.machines.token(machine.id, { format: "jwt", scopes })).token,
  };
}
const TOKENS = new Map<McpServer, Readonly<Record<string, string>>>();
for (const running of [app, reachable, closedByDefault]) TOKENS.set(running, await credentials(running));

/** The scopes of each caller's token that a step-up challenge must repeat, so that the new token keeps them. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  admin: ["documents:read", "user:org:read"],
  member: ["user:org:read"],
  writer: ["documents:write"],
  "none-chosen": ["user:org:read"],
  left: ["user:org:read"],
  "user-key": ["documents:read"],
  "org-key": ["documents:read"],
};

interface Use {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}
const KINDS = ["tools", "prompts", "resources"] as const;
const USES = {
  tools: (name: string): Use => ({ method: "tools/call", params: { name, arguments: {} } }),
  prompts: (name: string): Use => ({ method: "prompts/get", params: { name, arguments: {} } }),
  resources: (name: string): Use => ({ method: "resources/read", params: { uri: `records://${name}` } }),
};
const callOf = USES.tools;
const readOf = (uri: string): Use => ({ method: "resources/read", params: { uri } });

const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

type Headers = Readonly<Record<string, string>>;
/** The same use in each version of the protocol. */
const FORMS = {
  "2025-11-25, single": (use: Use) => ({
    headers: { "mcp-protocol-version": "2025-11-25" } as Headers,
    body: message(use) as unknown,
  }),
  "2025-11-25, in a batch": (use: Use) => ({
    headers: { "mcp-protocol-version": "2025-11-25" } as Headers,
    body: [message(callOf("companion"), 1), message(use, 2)] as unknown,
  }),
  "2026-07-28": (use: Use) => ({
    headers: latest(use),
    body: message({ ...use, params: { ...use.params, _meta: META } }) as unknown,
  }),
};
const GENERATIONS = ["2025-11-25, single", "2026-07-28"] as const;

function message({ method, params }: Use, id = 1): object {
  return { jsonrpc: "2.0", id, method, params };
}

function latest({ method, params: { name, uri } }: Use): Headers {
  const named = name ?? uri;
  return {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": method,
    ...(typeof named === "string" && { "mcp-name": named }),
  };
}

async function send(
  caller: string,
  { headers, body }: { readonly headers?: Headers; readonly body: unknown },
  to = app,
): Promise<Response> {
  return fetch(to.url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${TOKENS.get(to)?.[caller]}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

/** The runs expected so far, counted from the tables of this file alone. */
const expectedRuns: Record<string, number> = {};
function mustRun(...things: readonly string[]): void {
  for (const thing of things) expectedRuns[thing] = (expectedRuns[thing] ?? 0) + 1;
}

async function runs(): Promise<unknown> {
  const answer = await send("admin", { body: message(callOf("runs")) });
  const [, text = "{}"] = /"text":("\{.*?\}")/.exec(await answer.text()) ?? [];
  return JSON.parse(JSON.parse(text) as string);
}

async function expectOutcome(response: Response, cell: Cell, caller: string): Promise<void> {
  const { status, headers } = response;
  if (cell === "ok") return expect(status).toBe(200);
  expect(status).toBe(403);
  expect(headers.get("cache-control")).toBe("no-store");
  const needed = SCOPES[cell];
  const isScope = needed !== undefined && cell !== "org";
  expect((await errorOf(response)).error).toBe(isScope ? "insufficient_scope" : "access_denied");
  const challenge = challengeOf(response)?.parameters;
  if (needed === undefined) return expect(challenge).toBeUndefined();
  expect(challenge?.error).toBe("insufficient_scope");
  expect(new Set(challenge?.scope?.split(" "))).toEqual(
    new Set(["profile", "email", ...(KEPT[caller] ?? []), ...needed]),
  );
}

describe("the table", () => {
  const cases = Object.keys(FORMS).flatMap((form) =>
    KINDS.flatMap((kind) => NAMES.map((name) => ({ form: form as keyof typeof FORMS, kind, name }))),
  );

  it.each(cases)("gives each caller its outcome: $form, $kind, $name", async ({ form, kind, name }) => {
    await Promise.all(
      CALLERS.map(async (caller) => {
        const response = await send(caller, FORMS[form](USES[kind](name)));
        const cell = cellOf(name, caller);
        await expectOutcome(response, cell, caller);
        if (cell !== "ok") return;
        expect(await response.text()).toContain(`ran ${kind} ${name}`);
        mustRun(`${kind} ${name}`, ...(form === "2025-11-25, in a batch" ? ["tools companion"] : []));
      }),
    );
  });

  /** What ran matches the table: no refused call, and no call from the same batch. */
  beforeAll(async () => {
    for (const [thing, times] of Object.entries((await runs()) as Record<string, number>))
      expectedRuns[thing] = times;
  });
  afterAll(async () => {
    expect(await runs()).toEqual(expectedRuns);
  });

  it("has a row for each rule and a cell for each caller", () => {
    expect(rows.every((row) => row.length === CALLERS.length + 1)).toBe(true);
    const patterns = Object.keys(RULES).filter((name) => !name.endsWith("*"));
    expect(NAMES).toEqual(expect.arrayContaining([...patterns, "own", "team-report"]));
  });
});

describe("when the default is deny", () => {
  const cases = GENERATIONS.flatMap((form) => KINDS.map((kind) => ({ form, kind })));

  it.each(cases)("only listed names are open: $form, $kind", async ({ form, kind }) => {
    for (const caller of CALLERS) {
      const outcome = async (name: string, cell: Cell) =>
        expectOutcome(await send(caller, FORMS[form](USES[kind](name)), closedByDefault), cell, caller);
      await outcome("unlisted", "no");
      await outcome("no-such-thing", "no");
      await outcome("open", "ok");
      await outcome("own", cellOf("own", caller));
    }
  });

  it("a request without a valid name is refused", async () => {
    for (const method of ["tools/call", "prompts/get", "resources/read"]) {
      for (const params of [{}, { name: null }, { name: ["open"] }, { uri: { href: "records://open" } }]) {
        const body = message({ method, params });
        await expectOutcome(await send("admin", { body }, closedByDefault), "no", "admin");
      }
    }
  });
});

describe("a batch with a closed element is refused as a whole, and none of it runs", () => {
  const companion = message(callOf("companion"), 1);
  const closed = message(callOf("closed"), 2);

  it.each([
    ["first", [closed, companion]],
    ["last", [companion, companion, closed]],
    ["as a notification", [companion, { jsonrpc: "2.0", method: "tools/call", params: { name: "closed" } }]],
    ["a prompt", [companion, message(USES.prompts("closed"), 2)]],
    ["a resource", [companion, message(USES.resources("closed"), 2)]],
  ])("%s", async (_, body) => {
    const before = await runs();
    await expectOutcome(await send("admin", { body }), "no", "admin");
    expect(await runs()).toEqual(before);
  });

  it("or because an element is no message", async () => {
    const before = await runs();
    const response = await send("admin", { body: [companion, null, 7, "x", companion] });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: -32600 } });
    expect(await runs()).toEqual(before);
  });

  it("also in 2026-07-28, which has no batches", async () => {
    const before = await runs();
    const use = callOf("closed");
    const current = (name: string) => message({ ...use, params: { name, arguments: {}, _meta: META } });
    const headers = latest(use);
    const statuses = [];
    for (const body of [
      [current("closed")],
      [current("companion"), current("closed")],
      [current("companion")],
    ])
      statuses.push((await send("admin", { headers, body })).status);
    expect(statuses).toEqual([403, 403, 400]);
    expect(await runs()).toEqual(before);
  });

  it("and the refusal names every scope that its elements need", async () => {
    const body = ["scope", "role", "any-scope"].map((name, id) => message(callOf(name), id));
    const response = await send("plain", { body });
    expect(await errorOf(response)).toMatchObject({ error: "insufficient_scope" });
    expect(challengeOf(response)?.parameters.scope?.split(" ").sort()).toEqual(
      ["documents:read", "documents:write", "email", "profile", "user:org:read"].sort(),
    );
  });
});

describe("a header that names an open tool does not open a closed one", () => {
  it.each([
    { "mcp-name": "open" },
    { "mcp-name": "open", "mcp-method": "tools/call" },
    { "mcp-method": "tools/list" },
    { "mcp-method": "ping", "mcp-name": "" },
    { "x-mcp-tool-name": "open" },
    { "x-mcp-tool-name": "open", "mcp-name": "open", "mcp-method": "tools/call" },
  ] as Headers[])("%o", async (named) => {
    const before = await runs();
    for (const form of Object.values(FORMS)) {
      const { headers, body } = form(callOf("closed"));
      const response = await send("admin", { headers: { ...headers, ...named }, body });
      await expectOutcome(response, "no", "admin");
    }
    expect(await runs()).toEqual(before);
  });

  it("and a header that names a closed tool does not close an open one", async () => {
    const { body } = FORMS["2025-11-25, single"](callOf("open"));
    const headers = { "mcp-name": "closed", "x-mcp-tool-name": "closed" };
    expect((await send("admin", { headers, body })).status).toBe(200);
  });
});

describe("a refusal says what is needed", () => {
  it.each([
    ["role", "member", "the role org:admin"],
    ["one-of-roles", "user-key", "a credential of an organization"],
    ["permission", "member", "the permission org:documents:delete"],
    ["permissions", "member", "the permission org:documents:write"],
    ["organization", "plain", "an active organization: sign in again and choose one"],
    ["organization", "none-chosen", "an active organization: sign in again and choose one"],
    ["organization", "left", "you to be a member of the organization you signed in with"],
    ["elsewhere", "admin", "one of the allowed organizations to be active"],
    ["metadata", "member", "plan pro or team in the user's public metadata"],
    ["users", "member", "you to be one of the allowed users"],
    ["users-only", "machine", "a signed-in user"],
    ["keys-only", "admin", "an API key"],
    ["machines-only", "org-key", "a machine token"],
    ["closed", "admin", "a rule that opens it, but no rule does"],
  ])("%s, to %s: %s", async (name, caller, need) => {
    const response = await send(caller, { body: message(callOf(name)) });
    expect(await errorOf(response)).toEqual({
      error: "access_denied",
      error_description: `You may not do this: this needs ${need}`,
    });
  });
});

describe("a list", () => {
  const LISTS = [
    { kind: "tools", method: "tools/list", pick: /"name":"([\w-]+)","title"/g },
    { kind: "prompts", method: "prompts/list", pick: /"name":"([\w-]+)","title"/g },
    { kind: "resources", method: "resources/list", pick: /"uri":"records:\/\/([\w-]+)"/g },
  ] as const;
  const shownIn = (text: string, pick: RegExp) =>
    [...text.matchAll(pick)].map(([, name = ""]) => name).filter((name) => NAMES.includes(name));
  const POLICIES = [
    ["allowed", app, (cell: Cell) => cell === "ok"],
    ["reachable", reachable, (cell: Cell) => cell !== "no"],
    ["all", closedByDefault, () => true],
  ] as const;
  const cases = POLICIES.flatMap(([policy, server, isShown]) =>
    GENERATIONS.flatMap((form) => LISTS.map((list) => ({ policy, server, isShown, form, ...list }))),
  );

  it.each(cases)(
    "shows each caller the entries of the policy $policy: $form, $method",
    async ({ policy, server, isShown, form, method, pick }) => {
      for (const caller of CALLERS) {
        const response = await send(caller, FORMS[form]({ method, params: {} }), server);
        expect(response.status).toBe(200);
        const text = await response.text();
        expect(shownIn(text, pick).sort(), caller).toEqual(
          NAMES.filter((name) => isShown(cellOf(name, caller))).sort(),
        );
        if (policy !== "all") expect(response.headers.get("cache-control")).toMatch(/\bprivate\b/);
        if (form === "2026-07-28") expect(text).toContain('"cacheScope":"private"');
      }
    },
  );

  it.each(GENERATIONS)("of resource templates follows the same policies: %s", async (form) => {
    const shown = async (caller: string, server = app) => {
      const list = FORMS[form]({ method: "resources/templates/list", params: {} });
      const response = await send(caller, list, server);
      if (server === app) expect(response.headers.get("cache-control")).toMatch(/\bprivate\b/);
      const found = (await response.text()).matchAll(/"uriTemplate":"(\w+):/g);
      return [...found].map(([, name]) => name).sort();
    };
    expect(await shown("admin")).toEqual(["docs", "memos"]);
    expect(await shown("member")).toEqual([]);
    expect(await shown("writer")).toEqual(["docs"]);
    expect(await shown("plain", reachable)).toEqual(["docs", "memos"]);
    expect(await shown("machine", reachable)).toEqual(["docs"]);
    expect(await shown("machine", closedByDefault)).toEqual(["docs", "memos"]);
  });

  it("shows no more in a batch, and leaves the other answers unchanged", async () => {
    const methods = ["tools/list", "prompts/list", "ping", "resources/list"];
    const body = [
      ...methods.map((method, id) => message({ method, params: {} }, id)),
      message(callOf("open"), 9),
    ];
    const response = await send("plain", { body });
    expect(response.headers.get("cache-control")).toMatch(/\bprivate\b/);
    const text = await response.text();
    expect(text).toContain("ran tools open");
    for (const name of NAMES) {
      const isShown = cellOf(name, "plain") === "ok";
      expect(text.includes(`"name":"${name}"`), name).toBe(isShown);
      expect(text.includes(`records://${name}"`), name).toBe(isShown);
    }
  });
});

describe("a resource is judged by the URI that will be read", () => {
  const written = (uri: string) => [
    [uri, uri],
    ["in capitals", uri.replace(/^\w+/, (scheme) => scheme.toUpperCase())],
    ["with a tab in it", uri.replace("://", ":/\t/")],
  ];

  it.each([...written("docs://7"), ["with a brace", "DOCS://7{"], ["with a query", "DOCS://7?a={"]])(
    "under a template with a rule: %s",
    async (_, uri) => {
      for (const form of GENERATIONS) {
        await expectOutcome(await send("plain", FORMS[form](readOf(uri))), "read", "plain");
        const response = await send("admin", FORMS[form](readOf(uri)));
        expect(response.status).toBe(200);
        expect(await response.text()).toContain("ran docs 7");
      }
    },
  );

  it.each(written("docs://9"))("with its own rule, under a template: %s", async (_, uri) => {
    for (const form of GENERATIONS)
      await expectOutcome(await send("admin", FORMS[form](readOf(uri))), "no", "admin");
  });

  it("an escaped name is a different name", async () => {
    const response = await send("admin", { body: message(readOf("docs://%39")) });
    expect(await response.text()).toContain("ran docs %39");
  });

  it.each([...written("memos://7"), ["with a brace", "MEMOS://{id}"]])(
    "under a template whose file has a rule: %s",
    async (_, uri) => {
      for (const form of GENERATIONS) {
        await expectOutcome(await send("member", FORMS[form](readOf(uri))), "no", "member");
        await expectOutcome(await send("plain", FORMS[form](readOf(uri))), "org", "plain");
        const response = await send("admin", FORMS[form](readOf(uri)));
        expect(await response.text()).toContain("ran memos ");
      }
    },
  );
});

describe("a request about a closed prompt or resource is refused", () => {
  const uses: [string, Use][] = [
    ["a completion for a prompt", completion({ type: "ref/prompt", name: "closed" })],
    ["a completion for a resource", completion({ type: "ref/resource", uri: "records://closed" })],
    ["a subscription", { method: "resources/subscribe", params: { uri: "records://closed" } }],
    ["an unsubscription", { method: "resources/unsubscribe", params: { uri: "RECORDS://closed" } }],
    ["a subscription under a template", { method: "resources/subscribe", params: { uri: "docs://9" } }],
    ["a stream of changes", listening("records://open", "records://closed")],
  ];

  it.each(uses)("%s", async (_, use) => {
    for (const form of Object.values(FORMS))
      await expectOutcome(await send("admin", form(use)), "no", "admin");
  });

  it("a completion for a template that needs a scope", async () => {
    const use = completion({ type: "ref/resource", uri: "docs://{id}" });
    for (const form of GENERATIONS)
      await expectOutcome(await send("plain", FORMS[form](use)), "read", "plain");
    const own = completion({ type: "ref/resource", uri: "memos://{id}" });
    await expectOutcome(await send("member", { body: message(own) }), "no", "member");
  });

  it("but not a completion or a subscription for an open one", async () => {
    const open = [
      completion({ type: "ref/prompt", name: "open" }),
      { method: "resources/subscribe", params: { uri: "records://open" } },
    ];
    for (const use of open) expect((await send("admin", { body: message(use) })).status).not.toBe(403);
  });

  function completion(ref: object): Use {
    return { method: "completion/complete", params: { ref, argument: { name: "id", value: "7" } } };
  }

  function listening(...resourceSubscriptions: string[]): Use {
    return { method: "subscriptions/listen", params: { notifications: { resourceSubscriptions } } };
  }
});

describe("a body that is not sent as JSON is answered 415, and none of it runs", () => {
  const TYPES = [
    "application/json-patch+json",
    "application/jsonx",
    "text/plain; a=application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    undefined,
  ];

  it.each(TYPES.flatMap((type) => ["open", "closed"].map((name) => ({ type, name }))))(
    "$type, $name",
    async ({ type, name }) => {
      const before = await runs();
      const response = await fetch(app.url, {
        method: "POST",
        headers: {
          authorization: `Bearer ${TOKENS.get(app)?.admin}`,
          accept: "application/json, text/event-stream",
          ...(type !== undefined && { "content-type": type }),
        },
        body: new TextEncoder().encode(JSON.stringify(message(callOf(name)))),
      });
      expect(response.status).toBe(415);
      expect(await errorOf(response)).toMatchObject({ error: "unsupported_media_type" });
      expect(await runs()).toEqual(before);
    },
  );
});

describe("the record of a call has its outcome", () => {
  it.each(
    GENERATIONS.flatMap((form) => [
      { form, name: "companion", outcome: "ok" },
      { form, name: "refuses", outcome: "denied" },
      { form, name: "fails-at-length", outcome: "error" },
    ]),
  )("$form, $name: $outcome", async ({ form, name, outcome }) => {
    const told = () =>
      app
        .output()
        .split("\n")
        .filter((line) => line.startsWith('{"type":"tool"'))
        .map((line) => JSON.parse(line) as { name: string; outcome: string })
        .filter((event) => event.name === name)
        .map((event) => event.outcome);
    const before = told().length;
    const response = await send("admin", FORMS[form](callOf(name)));
    expect(response.status).toBe(200);
    await response.text();
    await expect.poll(() => told().slice(before)).toEqual([outcome]);
  });
});
