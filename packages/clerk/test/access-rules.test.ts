import {
  type AccessOptions,
  type AccessRule,
  type AccessRules,
  type CallerKind,
  ClerkConfigError,
  clerkProvider,
} from "@xmcp-dev/clerk";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { compile } from "../src/access/compile.js";
import { authorize } from "../src/access/policy.js";
import type { Facts } from "../src/access/requirements.js";
import { ruleTable } from "../src/access/rule-table.js";
import { scopeHierarchy } from "../src/access/scope-hierarchy.js";
import { Refusal } from "../src/errors/refusal.js";
import { operationsOf } from "../src/mcp/operations.js";
import { readSettings } from "../src/options/settings.js";
import { sessionOf } from "../src/session/caller-session.js";
import { declareTools } from "./guarded-tools.js";
import { localClerk, protectedServer } from "./protected-server.js";

declareTools("greet");

const SETTINGS = readSettings(
  {
    secretKey: "sk_test_1234567890",
    clerkDomain: "verb-noun-00.clerk.accounts.dev",
    baseURL: "https://a.example",
  },
  {},
);

interface Caller {
  readonly kind: CallerKind;
  readonly id: string;
  readonly organization: string | undefined;
  readonly role: string;
  readonly permissions: readonly string[];
  readonly scopes: readonly string[];
  readonly metadata: Readonly<Record<string, string | readonly string[]>>;
}

type Outcome = "ok" | "denied" | readonly string[];

/** The documented behavior as simple code, to compare with. @returns the scopes that would help, if any would */
function model(access: AccessOptions, caller: Caller, names: readonly string[]): Outcome {
  const { tools = {}, default: otherwise = "authenticated", scopeHierarchy: includes = {} } = access;
  const scopes = [...caller.scopes];
  for (let index = 0; index < scopes.length; index += 1)
    for (const below of includes[scopes[index] ?? ""] ?? []) if (!scopes.includes(below)) scopes.push(below);
  const missing: string[] = [];
  let denied = false;
  for (const name of names) {
    const [best] = Object.keys(tools)
      .filter((key) => key === name || (key.endsWith("*") && name.startsWith(key.slice(0, -1))))
      .sort((a, b) => Number(b === name) - Number(a === name) || b.length - a.length);
    const rule = best === undefined ? otherwise : tools[best];
    if (rule === "deny") denied = true;
    if (typeof rule !== "object") continue;
    const { scopes: all = [], anyScope, role, permission, organization, organizations } = rule;
    missing.push(...all.filter((scope) => !scopes.includes(scope)));
    if (anyScope && !anyScope.some((scope) => scopes.includes(scope))) missing.push(String(anyScope[0]));
    const need = (holds: boolean) => {
      if (!holds) denied = true;
    };
    if (role ?? permission ?? organization ?? organizations) {
      if (caller.organization !== undefined) {
        if (role) need([role].flat().includes(caller.role));
        if (permission) need([permission].flat().every((one) => caller.permissions.includes(one)));
        if (organizations) need(organizations.includes(caller.organization));
      } else if (caller.kind === "user" && !scopes.includes("user:org:read")) missing.push("user:org:read");
      else denied = true;
    }
    if (rule.users) need(rule.users.includes(caller.id));
    if (rule.callers) need(rule.callers.includes(caller.kind));
    for (const [key, values] of Object.entries(rule.metadata ?? {}))
      need([caller.metadata[key] ?? []].flat().some((value) => [values].flat().includes(value)));
  }
  if (denied) return "denied";
  return missing.length === 0 ? "ok" : [...new Set(missing)].sort();
}

/** The decision of the code under test, in the same form. */
function decided(access: AccessOptions, caller: Caller, names: readonly string[]): Outcome {
  const { policy } = compile({ ...SETTINGS, access }, undefined);
  const scopes = scopeHierarchy(access.scopeHierarchy ?? {})(caller.scopes);
  const isMember = caller.kind === "user" && caller.organization !== undefined;
  const { role, permissions } = caller;
  const membership = isMember ? { role, permissions, slug: undefined } : null;
  const token = {
    caller: caller.kind,
    subject: caller.id,
    clientId: "client",
    scopes: caller.scopes,
    tokenId: undefined,
    organizationId: caller.organization,
    issuedAt: Date.now(),
    expiresAt: Date.now(),
    claims: {},
  };
  const session = sessionOf({ token, membership, scopes });
  const facts: Facts = {
    session,
    scopes,
    membership,
    metadata: caller.id.startsWith("user_") ? caller.metadata : null,
    connections: "unasked",
  };
  const body = names.map((name) => ({ method: "tools/call", params: { name } }));
  try {
    authorize(
      operationsOf(body, () => undefined),
      facts,
      policy,
      SETTINGS,
    );
    return "ok";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.scopes === undefined) return "denied";
    const had = new Set([...SETTINGS.scopes, ...caller.scopes]);
    return error.scopes.filter((scope) => !had.has(scope)).sort();
  }
}

const SCOPES = ["docs:read", "docs:write", "docs:admin", "user:org:read"];
const ORGANIZATIONS = ["org_one", "org_two"];
const USERS = ["user_one", "user_two"];
const ROLES = ["org:admin", "org:member"];
const PERMISSIONS = ["org:docs:read", "org:docs:write"];
const PLANS = ["free", "pro", "team"];
const NAMES = ["a", "ab", "abc", "abcd", "b", "A", "а", "ａ", "a ", " a", "", "__proto__", "constructor"];
const PATTERNS = ["*", "a*", "ab*", "abc*", "а*", "A*", " *", "_*", "__proto__*", "con*"];

const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1 });
const oneOrSome = (values: readonly string[]) => fc.oneof(fc.constantFrom(...values), some(values));
const optional = { requiredKeys: [] };
const rule: fc.Arbitrary<AccessRule> = fc.record(
  {
    scopes: some(SCOPES),
    anyScope: some(SCOPES),
    role: oneOrSome(ROLES),
    permission: oneOrSome(PERMISSIONS),
    organization: fc.constant(true as const),
    organizations: some(ORGANIZATIONS),
    metadata: fc.record({ plan: oneOrSome(PLANS), constructor: oneOrSome(PLANS) }, optional),
    users: some(USERS),
    callers: fc.subarray<CallerKind>(["user", "api_key", "machine"], { minLength: 1 }),
  },
  optional,
);
/** Rules that a new sign-in could satisfy: random rules with all members rarely can be. */
const curable: fc.Arbitrary<AccessRule> = fc.record(
  { scopes: some(SCOPES), anyScope: some(SCOPES), organization: fc.constant(true as const) },
  optional,
);
const rules: fc.Arbitrary<AccessRules> = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom(...NAMES.filter(Boolean), ...PATTERNS), fc.oneof(rule, curable, curable)),
    {
      selector: ([name]) => name,
      maxLength: 6,
    },
  )
  .chain((entries) =>
    fc
      .record({ entries: fc.constant(entries), closed: fc.nat(9), open: fc.nat(9) })
      .map(({ closed, open }) =>
        Object.fromEntries(
          entries.map(([name, one], index) => [
            name,
            index === closed ? ("deny" as const) : index === open ? ("authenticated" as const) : one,
          ]),
        ),
      ),
  );
const access: fc.Arbitrary<AccessOptions> = fc.record({
  tools: rules,
  default: fc.constantFrom("authenticated" as const, "deny" as const),
  scopeHierarchy: fc.dictionary(fc.constantFrom(...SCOPES), some(SCOPES), { maxKeys: 3 }),
});
const traits = {
  role: fc.constantFrom(...ROLES),
  permissions: fc.subarray(PERMISSIONS),
  scopes: fc.subarray(SCOPES),
  metadata: fc.record({ plan: fc.oneof(fc.constantFrom(...PLANS), fc.subarray(PLANS)) }, optional),
};
const nobody = { role: fc.constant(""), permissions: fc.constant([]) };
const none = fc.constant(undefined);
const caller: fc.Arbitrary<Caller> = fc.oneof(
  fc.record({
    kind: fc.constant("user" as const),
    id: fc.constantFrom(...USERS),
    organization: fc.option(fc.constantFrom(...ORGANIZATIONS), { nil: undefined }),
    ...traits,
  }),
  fc.record({
    ...traits,
    ...nobody,
    kind: fc.constant("api_key" as const),
    id: fc.constantFrom(...USERS),
    organization: none,
  }),
  fc.constantFrom(...ORGANIZATIONS).chain((id) =>
    fc.record({
      ...traits,
      ...nobody,
      kind: fc.constant("api_key" as const),
      id: fc.constant(id),
      organization: fc.constant(id),
      metadata: fc.constant({}),
    }),
  ),
  fc.record({
    ...traits,
    ...nobody,
    kind: fc.constant("machine" as const),
    id: fc.constant("mch_one"),
    organization: none,
    metadata: fc.constant({}),
  }),
);

describe("random rules, for random callers", () => {
  it("decide as documented, for one call and for a batch", () => {
    const seen = { ok: 0, denied: 0, scopes: 0 };
    fc.assert(
      fc.property(
        access,
        caller,
        fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }),
        (given, who, names) => {
          const expected = model(given, who, names);
          seen[typeof expected === "string" ? expected : "scopes"] += 1;
          expect(decided(given, who, names)).toEqual(expected);
        },
      ),
      { numRuns: 6_000 },
    );
    // Guards against random cases that all have the same outcome.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100);
  });

  it("allow a batch exactly if they allow each of its calls", () => {
    fc.assert(
      fc.property(
        access,
        caller,
        fc.array(fc.constantFrom(...NAMES), { maxLength: 3 }),
        (given, who, names) => {
          const each = names.map((name) => decided(given, who, [name]));
          expect(decided(given, who, names) === "ok").toBe(each.every((outcome) => outcome === "ok"));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe("the search for the rule of a name", () => {
  const tableOf = (...keys: string[]) =>
    ruleTable(Object.fromEntries(keys.map((key) => [key, { scopes: [key] }])), new Map(), "deny");
  const found = (name: string, ...keys: string[]) =>
    tableOf(...keys)
      .rulesFor(name)
      .map((one) => (typeof one === "object" ? one.scopes?.[0] : one));

  it.each([
    ["prefers the exact name to any pattern", "delete", ["*", "delete*", "delete"], "delete"],
    ["prefers the longest pattern, whatever the order", "delete-all", ["delete*", "*", "del*"], "delete*"],
    ["finds a pattern whose star stands for nothing", "delete", ["delete*"], "delete*"],
    ["finds no pattern that is longer than the name", "del", ["delete*"], "deny"],
    ["finds a template by its beginning", "docs://7", ["docs://{id}", "*"], "docs://{id}"],
    ["prefers the longer of two templates", "docs://a/7", ["docs://{id}", "docs://a/{id}"], "docs://a/{id}"],
    ["does not ignore case", "Delete", ["delete", "delete*"], "deny"],
    ["does not accept look-alike letters", "dеlete", ["delete", "del*"], "deny"],
    ["does not normalize Unicode", "e\u0301", ["\u00e9"], "deny"],
    ["does not accept full-width letters", "ａ", ["a", "a*"], "deny"],
    ["does not ignore a trailing space", "delete ", ["delete"], "deny"],
    ["does not ignore a leading space", " delete", ["delete", "delete*"], "deny"],
    ["does not ignore an invisible character", "del\u200bete", ["delete", "delete*"], "deny"],
    ["does not ignore a trailing zero byte", "delete\0", ["delete"], "deny"],
    ["finds a rule for __proto__", "__proto__", ["__proto__", "constructor"], "__proto__"],
    ["finds a rule for constructor", "constructor", ["__proto__", "constructor"], "constructor"],
  ])("%s", (_, name, keys, expected) => {
    expect(found(name, ...keys)).toEqual([expected]);
    expect(found(name, ...[...keys].reverse())).toEqual([expected]);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "prototype"])(
    "finds no rule for %s, which every object inherits",
    (name) => {
      expect(found(name)).toEqual(["deny"]);
      expect(found(name, "a", "b*")).toEqual(["deny"]);
    },
  );

  it("stays fast with thousands of rules", () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `tool-${index}${index % 2 ? "*" : ""}`);
    const table = tableOf(...keys);
    const started = performance.now();
    for (let index = 0; index < 20_000; index += 1) table.rulesFor(`tool-${index}`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("a rule that a file declares", () => {
  const listed = { "docs://{id}": { scopes: ["listed"] } };
  const own = new Map([
    ["docs://{id}", { scopes: ["own"] }],
    ["docs://{id}/pages/{page}", { scopes: ["page"] }],
    ["docs://{...path}.md", { scopes: ["file"] }],
    ["notes://{note-id}", { scopes: ["note"] }],
    ["docs://index", undefined],
    ["mixed://{a}/{b}", undefined],
    ["mixed://pub/{b}", { scopes: ["pub"] }],
  ]);
  const scopesFor = (name: string, rulesOfOptions: AccessRules = {}) =>
    ruleTable(rulesOfOptions, own, "authenticated")
      .rulesFor(name)
      .map((one) => (typeof one === "object" ? one.scopes?.[0] : one));

  it.each([
    ["applies to a URI of its template", "docs://7", ["own"]],
    ["applies to the template itself", "docs://{id}", ["own"]],
    ["does not apply to a URI of another template", "docs://7/pages/1", ["page"]],
    ["does not apply to a longer URI", "docs://7/pages", ["authenticated"]],
    ["does not apply to a URI with its own file", "docs://index", ["authenticated"]],
    ["applies to a variable that spans several segments", "docs://a/b/c.md", ["file"]],
    ["applies to a variable with a hyphen in its name", "notes://7", ["note"]],
    ["does not apply to a longer URI than that", "notes://7/pages", ["authenticated"]],
    ["is not all, if a template without a rule may answer too", "mixed://pub/1", ["authenticated", "pub"]],
    ["does not take the template for a regular expression", "docs://a/b/cXmd", ["authenticated"]],
  ])("%s", (_, name, expected) => {
    expect(scopesFor(name)).toEqual(expected);
  });

  it("is added to the rule in the options", () => {
    expect(scopesFor("docs://7", listed)).toEqual(["listed", "own"]);
    expect(scopesFor("docs://index", listed)).toEqual(["listed"]);
  });
});

describe("a scope includes what the hierarchy says", () => {
  it.each([
    ["only itself, without a hierarchy", {}, ["a"], ["a"]],
    ["every scope below it, however deep", { a: ["b"], b: ["c"], c: ["d"] }, ["a"], ["a", "b", "c", "d"]],
    ["no scope above it", { a: ["b"], b: ["c"] }, ["b"], ["b", "c"]],
    ["itself, without an endless loop", { a: ["a"] }, ["a"], ["a"]],
    ["its own parent, without an endless loop", { a: ["b"], b: ["a"] }, ["b"], ["a", "b"]],
    ["a cycle, without an endless loop", { a: ["b"], b: ["c"], c: ["a"] }, ["c"], ["a", "b", "c"]],
    ["nothing that every object inherits", {}, ["constructor", "__proto__"], ["__proto__", "constructor"]],
  ])("%s", (_, includes: Record<string, string[]>, scopes, expected) => {
    expect([...scopeHierarchy(includes)(scopes)].sort()).toEqual(expected);
  });

  it("and nothing else, for random hierarchies", () => {
    const names = ["a", "b", "c", "d", "e", "constructor"];
    const hierarchy = fc.dictionary(fc.constantFrom(...names), fc.subarray(names), { maxKeys: 6 });
    fc.assert(
      fc.property(hierarchy, fc.subarray(names), (includes, scopes) => {
        const reaches = (from: string, to: string, steps: number): boolean =>
          from === to ||
          (steps > 0 &&
            Object.hasOwn(includes, from) &&
            (includes[from] ?? []).some((next) => reaches(next, to, steps - 1)));
        const expected = names.filter((name) => scopes.some((scope) => reaches(scope, name, names.length)));
        expect([...scopeHierarchy(includes)(scopes)].sort()).toEqual(expected.sort());
      }),
      { numRuns: 300 },
    );
  });
});

describe("over HTTP a rule applies to the exact name only", async () => {
  const clerk = await localClerk();
  const tools = { constructor: "deny", toString: "deny", wipe: "deny", "drop*": "deny" } as const;
  const server = await protectedServer(clerk, { access: { tools } });
  const listedOnly = { default: "deny", tools: { greet: "authenticated" } } as const;
  const closed = await protectedServer(clerk, { access: listedOnly });
  const tokenFor = async ({ url }: { url: string }) => (await clerk.mint({ resource: url })).access_token;

  it.each(["constructor", "toString", "wipe", "drop", "drop-all"])("%s is closed", async (name) => {
    expect((await server.call(await tokenFor(server), name)).status).toBe(403);
  });

  it.each(["hasOwnProperty", "__proto__", "greet"])("%s has no rule, and is open", async (name) => {
    expect((await server.call(await tokenFor(server), name)).status).toBe(200);
  });

  it.each(["__proto__", "constructor", "Greet", "greet ", " greet", "grееt", "greet\0", "greet*", "", "*"])(
    "%j is not treated as greet",
    async (name) => {
      expect((await closed.call(await tokenFor(closed), name)).status).toBe(403);
      expect((await closed.call(await tokenFor(closed), "greet")).status).toBe(200);
    },
  );
});

describe("invalid rules stop the start", () => {
  const problems = (given: unknown): readonly string[] => {
    try {
      readSettings(
        {
          secretKey: "sk_test_1234567890",
          clerkDomain: "verb-noun-00.clerk.accounts.dev",
          baseURL: "https://a.example",
          access: given as AccessOptions,
        },
        {},
      );
    } catch (error) {
      if (error instanceof ClerkConfigError)
        return error.problems.map(({ option, fix }) => `${option}: ${fix}`);
      throw error;
    }
    return [];
  };
  const ofTool = (given: unknown) => problems({ tools: { wipe: given } });

  it.each([
    ["a misspelt member", { scope: ["a"] }, "a rule has no member scope; check its spelling"],
    ["a member of another case", { Role: "org:admin" }, "a rule has no member Role; check its spelling"],
    ["two misspelt members", { rol: "a", org: true }, "a rule has no member rol, org; check its spelling"],
    ["an unknown word", "allow", 'a rule, "public", "authenticated" or "deny"'],
  ])("%s", (_, given, fix) => {
    expect(ofTool(given)).toEqual([`access → tools → wipe: ${fix}`]);
  });

  it.each([
    ["scopes as text", "scopes", "documents:read", "a list of scopes"],
    ["two scopes in one", "scopes", ["a b"], "each scope is one word"],
    ["an empty list for anyScope", "anyScope", [], "name at least one scope"],
    ["an empty list of roles", "role", [], "an empty list has no effect"],
    ["an empty role", "role", "", "a name"],
    ["a role that is a number", "role", 7, "a role, or a list of roles"],
    ["an empty list of permissions", "permission", [], "an empty list has no effect"],
    ["organization: false", "organization", false, "true, or nothing"],
    ["an empty list of users", "users", [], "a list of ids, user_…"],
    ["a username instead of an id", "users", ["ada"], "ids, user_…"],
    ["an organization's id among users", "users", ["org_1"], "ids, user_…"],
    ["an empty list of organizations", "organizations", [], "a list of ids, org_…"],
    ["an organization's slug instead of its id", "organizations", ["acme"], "ids, org_…"],
    ["an empty list of callers", "callers", [], 'of "user", "api_key", "machine"'],
    ["an unknown kind of caller", "callers", ["robot"], 'of "user", "api_key", "machine"'],
    ["metadata that is a list", "metadata", ["plan"], ""],
    ["an empty list of values", "metadata", { plan: [] }, "an empty list has no effect"],
    ["empty metadata", "metadata", {}, "name at least one value"],
    ["an empty list of scopes", "scopes", [], "name at least one scope"],
    ["null as a value", "metadata", { plan: null }, "a text, number or boolean, or a list of them"],
  ])("%s", (_, member, value, fix) => {
    const found = ofTool({ [member]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`access → tools → wipe → ${member}`);
    expect(found[0]).toContain(fix);
  });

  it.each([
    ["a rule that is null", { tools: { wipe: null } }, "access → tools → wipe"],
    ["a rule that is a list", { tools: { wipe: ["deny"] } }, "access → tools → wipe"],
    ["a star in the middle", { tools: { "wi*pe": "deny" } }, "access → tools → wi*pe"],
    ["rules that are a list", { prompts: [] }, "access → prompts"],
    ["an unknown default", { default: "open" }, "access → default"],
    ["an unknown policy for lists", { lists: "none" }, "access → lists"],
    ["a hierarchy of strings", { scopeHierarchy: { a: "b" } }, "access → scopeHierarchy → a"],
    ["an unknown member", { tool: {} }, "access → tool"],
  ])("%s", (_, given, option) => {
    const found = problems(given);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${option}: `);
  });

  it("with one message for all of them and the other invalid options", () => {
    vi.stubEnv("VERCEL", "1");
    const printed = vi.spyOn(console, "error").mockImplementation(() => {});
    clerkProvider({
      secretKey: "pk_test_x",
      clerkDomain: "verb-noun-00.clerk.accounts.dev",
      baseURL: "https://a.example",
      access: {
        tools: { wipe: { scope: ["a"], role: [] } as AccessRule, read: "open" as "deny" },
        resources: { "docs://{id}": { users: ["ada"] } },
      },
    });
    expect(printed).toHaveBeenCalledTimes(1);
    const message = String(printed.mock.calls[0]?.[0]);
    expect(message.match(/^ {2}- /gm)).toHaveLength(5);
    for (const part of [
      "CLERK_SECRET_KEY",
      "tools → wipe: a rule has no member scope",
      "tools → wipe → role: ",
      "tools → read: ",
      "resources → docs://{id} → users",
    ])
      expect(message).toContain(part);
  });

  it("but an empty rule and undefined members do not", () => {
    expect(ofTool({})).toEqual([]);
    expect(ofTool({ scopes: undefined, role: "org:admin" })).toEqual([]);
  });
});
