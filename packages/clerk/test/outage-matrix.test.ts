/**
 * Each of Clerk's endpoints fails in each way, for each kind of caller and a server that has just started. Who does not
 * need the endpoint's answer is served; who does gets 503, or 500 where Clerk refuses our own key.
 */
import type { ClerkProviderOptions } from "@xmcp-dev/clerk";
import type { ClerkLocal, FaultRule } from "@xmcp-dev/clerk-local";
import { describe, expect, it, vi } from "vitest";
import { declareTools } from "./guarded-tools.js";
import { localClerk, type ProtectedServer, protectedServer } from "./protected-server.js";

declareTools("greet", "wipe", "pro", "repositories");

/**
 * `·`: served. `F`: 503 for every failure; the call carries no key of ours. `B`: the same, but 500 if Clerk answers 401,
 * because the call carries our secret key.
 */
const EXPECTED = `
                       jwt  role  metadata  connection  opaque  opaque-org  api-key  machine-jwt  discovery
  signing keys         F    F     F         F           ·       ·           ·        F            ·
  token verification   ·    ·     ·         ·           B       B           ·        ·            ·
  key verification     ·    ·     ·         ·           ·       ·           B        ·            ·
  memberships          ·    B     ·         ·           ·       ·           ·        ·            ·
  users                ·    ·     B         ·           ·       ·           ·        ·            ·
  connected accounts   ·    ·     ·         B           ·       ·           ·        ·            ·
  machines             ·    ·     ·         ·           ·       ·           ·        B            ·
  userinfo             ·    ·     ·         ·           ·       F           ·        ·            ·
  oauth metadata       ·    ·     ·         ·           ·       ·           ·        ·            F
`;

const ENDPOINTS: Readonly<Record<string, FaultRule["path"]>> = {
  "signing keys": "/.well-known/jwks.json",
  "token verification": "/oauth_applications/access_tokens/verify",
  "key verification": "/api_keys/verify",
  memberships: "/v1/users/*/organization_memberships",
  users: /^\/v1\/users\/[^/]+$/,
  "connected accounts": "/v1/users/*/oauth_access_tokens/*",
  machines: "/v1/machines/*",
  userinfo: "/oauth/userinfo",
  "oauth metadata": "/.well-known/oauth-authorization-server",
};

const RETRY_AFTER = 7;
const FAILURES: Readonly<Record<string, Omit<FaultRule, "path">>> = {
  "429": { status: 429, retryAfterSeconds: RETRY_AFTER },
  "500": { status: 500 },
  "401": { status: 401 },
  "a reset connection": { drop: true },
  // The time-out is real. It comes last, so all rows wait for it at the same time.
  "no answer": { hang: true },
};

const BASE_URL = "http://127.0.0.1:3001";
const OPTIONS: ClerkProviderOptions = {
  baseURL: BASE_URL,
  accepts: ["oauth_token", "api_key", "m2m_token"],
  machineId: "mch_thisserver",
  access: {
    tools: {
      wipe: { role: "org:admin" },
      pro: { metadata: { plan: "pro" } },
      repositories: { connection: { github: ["repo"] } },
    },
  },
};

interface Caller {
  readonly credential?: (clerk: ClerkLocal, resource: string) => Promise<string>;
  readonly tool?: string;
}

const user =
  (format: "jwt" | "opaque", organization?: string) => async (clerk: ClerkLocal, resource: string) =>
    (await clerk.mint({ resource, user: "ada", format, ...(organization && { organization }) })).access_token;

/** The organization in a token is looked up whether a rule needs it or not. */
const CALLERS: Readonly<Record<string, Caller>> = {
  jwt: { credential: user("jwt", "acme") },
  role: { credential: user("jwt", "acme"), tool: "wipe" },
  metadata: { credential: user("jwt"), tool: "pro" },
  connection: { credential: user("jwt"), tool: "repositories" },
  opaque: { credential: user("opaque") },
  "opaque-org": { credential: user("opaque", "acme") },
  "api-key": { credential: async (clerk) => clerk.apiKeys.create({ subject: "ada" }).secret },
  "machine-jwt": {
    credential: async (clerk) => (await clerk.machines.token("machine", { format: "jwt" })).token,
  },
  discovery: {},
};

interface Outcome {
  readonly response: Response;
  readonly body: string;
  readonly credential: string | undefined;
  readonly server: ProtectedServer;
  readonly clerk: ClerkLocal;
}

/** A row of the table, under each failure in turn. Each cell has a server of its own. */
async function outcomesOf(endpoint: string): Promise<[cell: string, Outcome][]> {
  const clerk = await localClerk();
  clerk.users.update("ada", { publicMetadata: { plan: "pro" } });
  clerk.connectedAccounts.connect({ user: "ada", provider: "github" });
  clerk.machines.create({ id: "mch_thisserver" });
  clerk.machines.create({ name: "machine", scopedMachines: ["mch_thisserver"] });
  const callers = await Promise.all(
    Object.entries(CALLERS).map(async ([name, { credential, tool }]) => {
      return { name, tool, credential: await credential?.(clerk, `${BASE_URL}/mcp`) };
    }),
  );
  const cells: [string, Outcome][] = [];
  for (const [failure, fault] of Object.entries(FAILURES)) {
    clerk.faults({ path: ENDPOINTS[endpoint] ?? "", ...fault });
    const row = callers.map(async ({ name, tool, credential }) => {
      const server = await protectedServer(clerk, OPTIONS);
      const response = await (credential === undefined
        ? server.fetch("/.well-known/oauth-authorization-server")
        : server.call(credential, tool));
      const outcome = { response, body: await response.text(), credential, server, clerk };
      cells.push([`${endpoint} ${failure} ${name}`, outcome]);
    });
    await Promise.all(row);
  }
  return cells;
}

/** The table's cells. */
function expectations(): { endpoint: string; caller: string; mark: string }[] {
  const [head = "", ...rows] = EXPECTED.trim().split("\n");
  const callers = head.trim().split(/ +/);
  return rows.flatMap((row) => {
    const [endpoint = "", ...marks] = row.trim().split(/ {2,}/);
    return marks.map((mark, index) => ({ endpoint, caller: String(callers[index]), mark }));
  });
}

function statusFor(mark: string, failure: string): number {
  if (mark === "·") return 200;
  return mark === "B" && failure === "401" ? 500 : 503;
}

const WIRE: Readonly<Record<number, object>> = {
  500: { error: "server_error", error_description: "Authentication service misconfigured" },
  503: {
    error: "temporarily_unavailable",
    error_description: "The authentication service cannot be reached; try again shortly",
  },
};

const printed = vi.spyOn(console, "error").mockImplementation(() => {});
const measured = new Map((await Promise.all(Object.keys(ENDPOINTS).map(outcomesOf))).flat());
const log = printed.mock.calls.flat().map(String).join("\n");
printed.mockRestore();

describe.each(Object.keys(FAILURES))("while Clerk's endpoint has %s", (failure) => {
  it.each(expectations())("$endpoint, $caller: $mark", ({ endpoint, caller, mark }) => {
    const outcome = measured.get(`${endpoint} ${failure} ${caller}`);
    if (outcome === undefined) throw new Error(`nothing was measured for ${caller}`);
    const { response, body, credential, server, clerk } = outcome;
    const status = statusFor(mark, failure);
    expect(response.status).toBe(status);
    if (status === 200) return;

    expect(JSON.parse(body)).toEqual(WIRE[status]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("www-authenticate")).toBeNull();
    const retryAfter = response.headers.get("retry-after");
    if (status === 500) expect(retryAfter).toBeNull();
    else if (failure === "429") expect(retryAfter).toBe(String(RETRY_AFTER));
    else expect(retryAfter).toMatch(/^[1-5]$/);
    const said = `${body} ${JSON.stringify([...response.headers])} ${JSON.stringify(server.events)} ${log}`;
    const providerTokens = clerk.connectedAccounts.list().map(({ token }) => token);
    const secrets = [clerk.secretKey, clerk.users.get("ada").email, ...providerTokens];
    for (const secret of [credential ?? clerk.secretKey, ...secrets]) expect(said).not.toContain(secret);
  });
});
