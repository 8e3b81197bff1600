import { describe, expect, it } from "vitest";
import { ALL_SCOPES, app, call, keyOf, tokenOf } from "./support/app.js";

const running = await app();
const { clerk, mcp } = running;

const BASE_SCOPES = ["profile", "email", "user:org:read"];

const CALLERS = {
  "Ada in Acme": await tokenOf(running, { user: "ada", organization: "acme" }),
  "Ada in Globex": await tokenOf(running, { user: "ada", organization: "globex" }),
  "Ada in no organization": await tokenOf(running, { user: "ada", scopes: [...ALL_SCOPES, "user:org:read"] }),
  "Ada who was not asked for an organization": await tokenOf(running, { user: "ada" }),
  "Ada with the base scopes": await tokenOf(running, {
    user: "ada",
    organization: "acme",
    scopes: BASE_SCOPES,
  }),
  "Ada with documents:admin": await tokenOf(running, {
    user: "ada",
    organization: "acme",
    scopes: [...BASE_SCOPES, "documents:admin"],
  }),
  "Bob in Acme": await tokenOf(running, { user: "bob", organization: "acme" }),
  "Grace in Globex": await tokenOf(running, { user: "grace", organization: "globex" }),
  "Grace who claims Acme": await tokenOf(running, { user: "grace", organization: "acme" }),
  "Acme's key": keyOf("acme"),
  "Acme's key without scopes": clerk.apiKeys.create({ subject: "acme" }).secret,
  "Ada's key": clerk.apiKeys.create({ subject: "ada", scopes: ["documents:read"] }).secret,
  "a revoked key": revokedKey(),
  nobody: "",
};

type Caller = keyof typeof CALLERS;

/** `ok`, or the status and text of the refusal. */
type Outcome = "ok" | "401" | RegExp;

const ADD = { tool: "add", args: { a: 1, b: 2 } };
const USER_INFO = { tool: "user-info", args: {} };
const IMAGE = { tool: "generate-image", args: { prompt: "a cat" } };
const GET = { tool: "get-documents", args: {} };
// The document does not exist, so a caller that may call the tool gets a tool error.
const DELETE = { tool: "delete-document", args: { id: "none" } };
const EXPORT = { tool: "export-documents", args: {} };

const ROLE = /^403 access_denied .*\brole\b/;
const KEY_ONLY = /^403 access_denied .*an API key$/;
const PERSON_ONLY = /^403 access_denied .*a signed-in user/;
const PERMISSION = /^403 access_denied .*the permission org:documents:delete/;
const ORGANIZATION = /^403 access_denied .*organization/;
const REACHED = /^200 There is no document none/;

const CASES: [{ tool: string; args: object }, Partial<Record<Caller, Outcome>>][] = [
  [
    ADD,
    {
      "Ada in Acme": "ok",
      "Ada in no organization": "ok",
      "Acme's key": "ok",
      "Ada's key": "ok",
      nobody: "401",
    },
  ],
  [ADD, { "Acme's key without scopes": "ok", "a revoked key": "401" }],
  [
    USER_INFO,
    {
      "Ada in Acme": "ok",
      "Ada in no organization": "ok",
      "Acme's key": PERSON_ONLY,
      "Ada's key": PERSON_ONLY,
    },
  ],
  [IMAGE, { "Ada in Acme": "ok", "Ada in Globex": "ok", "Ada in no organization": "ok", "Ada's key": "ok" }],
  [IMAGE, { "Bob in Acme": ROLE, "Grace in Globex": ROLE, "Acme's key": ROLE }],
  [
    GET,
    { "Ada in Acme": "ok", "Ada in Globex": "ok", "Bob in Acme": "ok", "Ada with documents:admin": "ok" },
  ],
  [GET, { "Ada with the base scopes": /^403 insufficient_scope/, "Ada in no organization": ORGANIZATION }],
  [GET, { "Ada who was not asked for an organization": ORGANIZATION, "Grace who claims Acme": ORGANIZATION }],
  [GET, { "Acme's key": PERSON_ONLY, "Ada's key": PERSON_ONLY, nobody: "401" }],
  [DELETE, { "Ada in Acme": REACHED, "Grace in Globex": REACHED, "Ada with documents:admin": REACHED }],
  [
    DELETE,
    { "Bob in Acme": PERMISSION, "Ada in Globex": PERMISSION, "Ada in no organization": ORGANIZATION },
  ],
  [
    DELETE,
    { "Ada with the base scopes": /^403 insufficient_scope/, "Acme's key": PERSON_ONLY, nobody: "401" },
  ],
  [
    EXPORT,
    { "Acme's key": "ok", "Ada in Acme": KEY_ONLY, "Bob in Acme": KEY_ONLY, "Ada's key": ORGANIZATION },
  ],
  [EXPORT, { "Acme's key without scopes": /^403 insufficient_scope/, "a revoked key": "401", nobody: "401" }],
];

const rows = CASES.flatMap(([{ tool, args }, outcomes]) =>
  Object.entries(outcomes).map(([caller, outcome]) => ({ tool, args, caller: caller as Caller, outcome })),
);

describe("allowed", () => {
  it.each(rows.filter(({ outcome }) => outcome === "ok"))(
    "$caller may call $tool",
    async ({ caller, tool, args }) => {
      const answer = await call(mcp, CALLERS[caller], tool, args);
      expect(answer).toMatchObject({ status: 200, isError: false });
      expect(answer.structuredContent).not.toEqual({});
    },
  );
});

describe("refused", () => {
  it.each(rows.filter(({ outcome }) => outcome === "401"))(
    "$caller may not call $tool",
    async ({ caller, tool, args }) => {
      expect(await call(mcp, CALLERS[caller], tool, args)).toMatchObject({ status: 401 });
    },
  );

  it.each(rows.filter(({ outcome }) => outcome instanceof RegExp))(
    "$caller at $tool: $outcome",
    async ({ caller, tool, args, outcome }) => {
      const { status, error, text } = await call(mcp, CALLERS[caller], tool, args);
      expect([status, error, text].filter(Boolean).join(" ")).toMatch(outcome);
    },
  );

  it("a tool that no rule names is closed", async () => {
    const { status, error } = await call(mcp, CALLERS["Ada in Acme"], "another-tool");
    expect({ status, error }).toEqual({ status: 403, error: "access_denied" });
  });

  it("a batch with one call that is refused is refused as a whole", async () => {
    const calls = [ADD, DELETE].map(({ tool, args }, id) => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: tool, arguments: args },
    }));
    const response = await fetch(mcp.url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${CALLERS["Bob in Acme"]}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify(calls),
    });
    expect(response.status).toBe(403);
  });
});

it("the log has who was allowed and refused, and no credential or address of theirs", async () => {
  await call(mcp, CALLERS["Ada in Acme"], "get-documents");
  await call(mcp, CALLERS["Bob in Acme"], "delete-document", { id: "acme-plan" });
  await expect.poll(mcp.output).toMatch(/"type":"tool".*"name":"get-documents"/);
  await expect.poll(mcp.output).toMatch(/"type":"deny".*"reason":"permission_missing"/);
  const log = mcp.output();
  expect(log).not.toMatch(/eyJ|sk_test_|@example\.com/);
  for (const credential of Object.values(CALLERS).filter(Boolean))
    expect(log.includes(credential)).toBe(false);
});

function revokedKey(): string {
  const { id, secret } = clerk.apiKeys.create({ subject: "acme", scopes: ["documents:read"] });
  clerk.apiKeys.revoke(id);
  return secret;
}
