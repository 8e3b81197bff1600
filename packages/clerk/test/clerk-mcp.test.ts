import { clerkMcp, type Session } from "@xmcp-dev/clerk";
import { expect, it } from "vitest";
import { type RequestContext, runWithContext } from "../src/session/context.js";

/** Runs the middleware as xmcp 1.2 would, within a request. @returns what it has set, and the result. */
async function customerOf(session: Partial<Session> | undefined, options = {}) {
  const set: Record<string, unknown> = {};
  const context = { session } as RequestContext;
  const result = await runWithContext(context, () =>
    clerkMcp(options)({ set: (key, value) => Object.assign(set, { [key]: value }) }, async () => "result"),
  );
  return { set, result };
}

const both = (id: string) => ({ set: { customerId: id, billingCustomerId: id }, result: "result" });

it("other plugins get the active organization as customer, otherwise the caller", async () => {
  const organization = { subject: "user_1", organizationId: "org_1" };
  expect(await customerOf(organization)).toEqual(both("org_1"));
  expect(await customerOf({ subject: "user_1" })).toEqual(both("user_1"));
  expect(await customerOf({ subject: "mch_1" })).toEqual(both("mch_1"));
});

it("the option customer chooses another", async () => {
  const customer = ({ clientId }: Session) => clientId;
  expect(await customerOf({ subject: "user_1", clientId: "client_1" }, { customer })).toEqual(
    both("client_1"),
  );
});

it("a caller without a credential is no customer, and the call goes on", async () => {
  expect(await customerOf(undefined)).toEqual({ set: {}, result: "result" });
});
