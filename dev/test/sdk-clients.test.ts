import { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { node } from "./platforms/platform.js";
import { signingIn } from "./promises/signing-in.js";
import { oauthRequests, protectedTemplate, withoutMemory } from "./support/protected-template.js";
import { clients, connectV1, connectV2, expire } from "./support/sdk-clients.js";

signingIn(node);

describe.each(clients)("%s", (_name, connect) => {
  it.each(["jwt", "opaque"] as const)(
    "registers and signs in again if Clerk has lost its registration, with %s tokens",
    async (tokenFormat) => {
      const autoApprove = { user: "ada" };
      const { clerk, mcp } = await protectedTemplate({ tokenFormat, autoApprove });
      const person = new HeadlessSignIn();
      await connect(new URL(mcp.url), person);
      const before = person.clientInformation()?.client_id;
      await expire(person, clerk, mcp);

      const forgetful = await withoutMemory(clerk, { tokenFormat, autoApprove });
      const call = await connect(new URL(mcp.url), person);
      expect(await call("whoami")).toMatchObject({ userId: forgetful.users.get("ada").id });
      expect(person.clientInformation()?.client_id).not.toBe(before);
      expect(oauthRequests(forgetful)).toEqual([
        "POST /oauth/token 401",
        "POST /oauth/register 201",
        "GET /oauth/authorize 303",
        "POST /oauth/token 200",
      ]);
    },
  );
});

it("if Clerk requires offline_access for a refresh token, client v2 requests it and v1 signs in again", async () => {
  const { clerk, mcp } = await protectedTemplate({
    refreshTokens: "offline_access",
    autoApprove: { user: "ada" },
  });
  const signedIn = await Promise.all(
    [connectV2, connectV1].map(async (connect) => {
      const person = new HeadlessSignIn();
      await connect(new URL(mcp.url), person);
      return person;
    }),
  );
  expect(signedIn.map((person) => person.tokens()?.refresh_token !== undefined)).toEqual([true, false]);
  for (const person of signedIn) await expire(person, clerk, mcp);
  const [, withoutRefresh = new HeadlessSignIn()] = signedIn;
  const call = await connectV1(new URL(mcp.url), withoutRefresh);
  expect(await call("whoami")).toMatchObject({ userId: clerk.users.get("ada").id });
});
