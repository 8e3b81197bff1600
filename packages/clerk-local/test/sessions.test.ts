/** Sign-ins as the Backend API shows and ends them. */
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { expect, it } from "vitest";
import { proves } from "./support/behaviour.js";
import { RESOURCE, signIn } from "./support/oauth-client.js";
import { backend, json, refusal, sdk, standIn } from "./support/stand-in.js";

const signedIn = async (local: ClerkLocal, user: string) => {
  local.autoApprove({ user });
  return (await signIn(local, { resource: RESOURCE })).tokens;
};

it(
  "each sign-in is a session, which can be listed and revoked",
  proves(
    "sessions",
    "sessions: their members, list and revocation; tokens outlive a revoked session",
    ["OpenAPI", "guess"],
    "no switch",
  ),
  async () => {
    const local = await standIn();
    const { sessions } = sdk(local);
    expect((await sessions.getSessionList({ userId: local.users.get("ada").id })).totalCount).toBe(0);
    await signedIn(local, "ada");
    await signedIn(local, "ada");
    const { access_token } = await signedIn(local, "bob");
    const userId = local.users.get("ada").id;
    const { data, totalCount } = await sessions.getSessionList({ userId, status: "active" });
    expect([totalCount, data.length]).toEqual([2, 2]);
    const [session] = data;
    expect(session).toMatchObject({ userId, status: "active" });
    expect(await sessions.getSession(session?.id ?? "")).toMatchObject({ id: session?.id, status: "active" });
    expect((await sessions.getSessionList({ clientId: session?.clientId ?? "" })).totalCount).toBe(1);

    expect((await sessions.revokeSession(session?.id ?? "")).status).toBe("revoked");
    expect((await sessions.getSession(session?.id ?? "")).status).toBe("revoked");
    expect((await sessions.getSessionList({ userId, status: "active" })).totalCount).toBe(1);
    expect(await (await backend(local, "/v1/sessions")).json()).toHaveLength(3);
    expect((await fetch(`${local.issuer}/oauth/userinfo`, bearer(access_token))).status).toBe(200);
  },
);

it("a ban or a deletion ends all sessions", async () => {
  const local = await standIn();
  const { users, sessions } = sdk(local);
  for (const name of ["ada", "bob"]) await signedIn(local, name);
  const [ada, bob] = [local.users.get("ada").id, local.users.get("bob").id];
  await users.banUser(ada);
  await users.deleteUser(bob);
  for (const userId of [ada, bob]) {
    expect((await sessions.getSessionList({ userId, status: "active" })).totalCount).toBe(0);
  }
});

it("a locked user cannot sign in until the lock expires", async () => {
  const local = await standIn();
  const { users } = sdk(local);
  const { id } = local.users.get("ada");
  expect(await users.lockUser(id)).toMatchObject({ locked: true });
  await expect(signedIn(local, "ada")).rejects.toThrow();
  expect(await users.unlockUser(id)).toMatchObject({ locked: false });
  await signedIn(local, "ada");
  await users.lockUser(id);
  local.clock({ offsetSeconds: 3601 });
  await signedIn(local, "ada");
  expect(await users.getUser(id)).toMatchObject({ locked: false });
});

it(
  "a sign-in token can be made for a user and revoked once",
  proves("sign-in-tokens", "sign-in tokens can be made and revoked", "OpenAPI"),
  async () => {
    const local = await standIn();
    const { signInTokens } = sdk(local);
    const { id: userId } = local.users.get("ada");
    const made = await signInTokens.createSignInToken({ userId, expiresInSeconds: 60 });
    expect(made).toMatchObject({ userId, status: "pending", token: expect.any(String) });
    const path = `/v1/sign_in_tokens/${made.id}/revoke`;
    expect(await json(await backend(local, path, { method: "POST" }))).toMatchObject({ status: "revoked" });
    expect(await refusal(await backend(local, path, { method: "POST" }))).toEqual([
      400,
      "sign_in_token_cannot_be_revoked_code",
    ]);
    await expect(
      signInTokens.createSignInToken({ userId: "user_nobody", expiresInSeconds: 60 }),
    ).rejects.toMatchObject({ status: 404 });
  },
);

function bearer(token: string): RequestInit {
  return { headers: { authorization: `Bearer ${token}` } };
}
