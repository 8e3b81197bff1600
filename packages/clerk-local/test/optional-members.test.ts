/** Checked by the compiler, with `exactOptionalPropertyTypes`: every optional member takes `undefined`. */
import { createClerkLocal } from "@xmcp-dev/clerk-local";
import { expect, it } from "vitest";
import { standIn } from "./support/stand-in.js";

const text = (): string | undefined => undefined;
const number = (): number | undefined => undefined;

it("takes undefined for every optional member, and uses the default", async () => {
  const clerk = await createClerkLocal({
    port: number() ?? 0,
    tokenFormat: undefined,
    profile: undefined,
    secretKey: text(),
    autoApprove: { user: text(), organization: text(), decision: undefined },
    seed: undefined,
    rateLimit: undefined,
  });
  const local = await standIn();
  const user = clerk.users.create({ username: text(), firstName: text(), organizations: undefined });
  clerk.users.update(user.id, { lastName: text() });
  clerk.organizations.create({ name: text(), slug: text() });
  clerk.apiKeys.create({ subject: "ada", name: text(), scopes: undefined, expiresIn: number() });
  clerk.machines.create({ name: text() });
  clerk.faults([{ path: "/v1/nothing", status: number(), latencyMs: number() }]);
  clerk.clock({ offsetSeconds: number() });
  clerk.requests({ reset: undefined });
  const { expires_in } = await clerk.mint({
    user: text(),
    organization: text(),
    scopes: undefined,
    resource: text(),
    format: undefined,
    expiresIn: number(),
    count: number(),
  });
  expect(expires_in).toBe((await local.mint()).expires_in);
  await clerk.close();
});
