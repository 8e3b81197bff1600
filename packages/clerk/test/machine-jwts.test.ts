/**
 * A machine's JWT proves which machine sent it. The machine writes the other claims, so whether it may call this server
 * is what Clerk says of the machine.
 */
import { type ClerkProviderOptions, getSession } from "@xmcp-dev/clerk";
import type { ClerkLocal, MachineTokenOptions } from "@xmcp-dev/clerk-local";
import { describe, expect, it, vi } from "vitest";
import { declareTools } from "./guarded-tools.js";
import { localClerk, type ProtectedServer, protectedServer } from "./protected-server.js";

declareTools("greet", "wipe");

const SERVER = "mch_thisserver";
const OTHER = "mch_another";

async function fresh(options: ClerkProviderOptions = {}) {
  const clerk = await localClerk();
  for (const id of [SERVER, OTHER]) clerk.machines.create({ id });
  const server = await protectedServer(
    clerk,
    { accepts: ["m2m_token"], machineId: SERVER, ...options },
    () => ({ ...getSession(), mayDelete: getSession().has({ scope: "documents:delete" }) }),
  );
  return { clerk, server };
}

/** A JWT of a new machine that Clerk lets call `scopedMachines`. */
async function jwtOf(
  clerk: ClerkLocal,
  scopedMachines: readonly string[],
  options: MachineTokenOptions = {},
): Promise<string> {
  const { id } = clerk.machines.create({ scopedMachines });
  return (await clerk.machines.token(id, { format: "jwt", ...options })).token;
}

const statusOf = async ({ call }: ProtectedServer, token: string, tool?: string) =>
  (await call(token, tool)).status;

const lookups = (clerk: ClerkLocal) =>
  clerk.requests().filter(({ path }) => path.startsWith("/v1/machines/")).length;

/** Advances the clock of this process. */
function pass(ms: number): void {
  for (const one of [Date, performance]) {
    const now = one.now.bind(one);
    vi.spyOn(one, "now").mockImplementation(() => now() + ms);
  }
}

describe("claims that a machine writes into its JWT do not let it in:", () => {
  it.each([
    ["scopes, as text", { scopes: SERVER }],
    ["scopes, as a list", { scopes: [SERVER] }],
    ["scopes, among others", { scopes: `${OTHER} ${SERVER}` }],
    ["an audience, as text", { aud: SERVER }],
    ["an audience, as a list", { aud: [OTHER, SERVER] }],
    ["scopes and an audience", { scopes: SERVER, aud: [SERVER] }],
    ["no claims at all", {}],
  ])("%s", async (_, claims) => {
    const { clerk, server } = await fresh();
    expect(await statusOf(server, await jwtOf(clerk, [], { claims }))).toBe(401);
    expect(server.events.at(-1)).toMatchObject({ type: "deny", reason: "audience_mismatch" });
  });

  it("a machine that may call another server", async () => {
    const { clerk, server } = await fresh();
    expect(await statusOf(server, await jwtOf(clerk, [OTHER], { scopes: [SERVER] }))).toBe(401);
  });
});

describe("claims that a machine writes into its JWT meet no rule", () => {
  it.each([
    ["scopes", { scopes: ["documents:delete"] }],
    ["any of some scopes", { anyScope: ["documents:delete", "documents:write"] }],
  ])("about %s, and no check of a tool", async (_, rule) => {
    const { clerk, server } = await fresh({ machineId: undefined, access: { tools: { wipe: rule } } });
    vi.spyOn(console, "warn").mockImplementation(() => {});
    for (const claims of [{ scopes: "documents:delete" }, { aud: ["documents:delete"] }]) {
      const token = await jwtOf(clerk, [], { claims });
      expect(await statusOf(server, token, "wipe")).toBe(403);
      expect(await (await server.call(token)).json()).toMatchObject({ scopes: [], mayDelete: false });
    }
  });
});

describe("a machine that Clerk lets call this server", () => {
  it("is let in, and its session names this server as what the token is for", async () => {
    const { clerk, server } = await fresh();
    for (const machines of [[SERVER], [OTHER, SERVER]]) {
      const response = await server.call(await jwtOf(clerk, machines));
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ caller: "machine", scopes: [SERVER] });
    }
  });

  it("costs one look-up, however many requests and tokens", async () => {
    const { clerk, server } = await fresh();
    const { id } = clerk.machines.create({ scopedMachines: [SERVER] });
    const tokens = await Promise.all(
      Array.from({ length: 20 }, async () => (await clerk.machines.token(id, { format: "jwt" })).token),
    );
    expect(new Set(await Promise.all(tokens.map((token) => statusOf(server, token))))).toEqual(
      new Set([200]),
    );
    expect(lookups(clerk)).toBe(1);
  });

  it.each([
    ["scopes for another machine", { scopes: [OTHER] }],
    ["an audience that is another machine", { scopes: [], claims: { aud: OTHER } }],
    ["scopes for this machine, and another audience", { scopes: [], claims: { scopes: SERVER, aud: OTHER } }],
  ])("is refused with a token that has %s", async (_, options) => {
    const { clerk, server } = await fresh();
    expect(await statusOf(server, await jwtOf(clerk, [SERVER], options))).toBe(401);
  });

  it.each([
    ["may not call it any more", { body: JSON.stringify({ object: "machine", scoped_machines: [] }) }],
    ["is deleted", { status: 404 }],
  ])("is refused within 60 seconds of the moment when it %s", async (_, fault) => {
    const { clerk, server } = await fresh();
    const token = await jwtOf(clerk, [SERVER]);
    expect(await statusOf(server, token)).toBe(200);
    clerk.faults({ path: "/v1/machines/*", ...fault });
    pass(60_000);
    expect(await statusOf(server, token)).toBe(401);
  });
});

describe("while Clerk cannot say what a machine may call", () => {
  it.each([
    ["is unreachable", { drop: true }, 503],
    ["answers 500", { status: 500 }, 503],
    ["answers 429", { status: 429, retryAfterSeconds: 7 }, 503],
    ["answers with something else", { body: '{"object":"machine"}' }, 503],
    ["refuses our key", { status: 401 }, 500],
  ])("(it %s) its JWT is neither accepted nor refused", async (_, fault, status) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { clerk, server } = await fresh();
    const token = await jwtOf(clerk, [SERVER]);
    clerk.faults({ path: "/v1/machines/*", ...fault });
    const response = await server.call(token);
    expect(response.status).toBe(status);
    expect(response.headers.get("www-authenticate")).toBeNull();
    expect(response.headers.has("retry-after")).toBe(status === 503);
  });

  it("a machine that was confirmed keeps working for 10 minutes", async () => {
    const { clerk, server } = await fresh();
    const token = await jwtOf(clerk, [SERVER]);
    expect(await statusOf(server, token)).toBe(200);
    clerk.faults({ path: "/v1/*", drop: true });
    pass(9 * 60_000);
    expect(await statusOf(server, token)).toBe(200);
  });
});

it("without machineId Clerk is not asked", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { clerk, server } = await fresh({ machineId: undefined });
  expect(await statusOf(server, await jwtOf(clerk, []))).toBe(200);
  expect(warned).toHaveBeenCalledOnce();
  expect(lookups(clerk)).toBe(0);
});
