import type { TokenFormat } from "@xmcp-dev/clerk-local";
import { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import type { Platform } from "../platforms/platform.js";
import { oauthRequests, protectedTemplate } from "../support/protected-template.js";
import { clients, expire } from "../support/sdk-clients.js";

export function signingIn({ start, fetch = globalThis.fetch }: Platform): void {
  describe.each<TokenFormat>(["jwt", "opaque"])("with %s tokens", async (tokenFormat) => {
    const options = { tokenFormat, autoApprove: { user: "ada" } };
    const { clerk, mcp } = await protectedTemplate(options, start);

    describe.each(clients)("%s", (_name, connect) => {
      it("signs in after the refusal, and calls all four tools", async () => {
        const person = new HeadlessSignIn({ fetch });
        clerk.requests({ reset: true });
        const call = await connect(new URL(mcp.url), person);
        expect(oauthRequests(clerk)).toEqual([
          "POST /oauth/register 201",
          "GET /oauth/authorize 303",
          "POST /oauth/token 200",
        ]);

        const ada = clerk.users.get("ada");
        const { client_id: clientId } = person.clientInformation() ?? {};
        expect(await call("greet", { name: "World" })).toEqual({
          greeting: `Hello, World! You are signed in as ${ada.id}.`,
          userId: ada.id,
        });
        const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
        expect(await call("whoami")).toEqual({
          userId: ada.id,
          sessionId: null,
          organizationId: null,
          organizationRole: null,
          scopes: expect.arrayContaining(["profile", "email"]),
          clientId,
          tokenIssuedAt: date,
          tokenExpiresAt: date,
        });
        expect(await call("get-user-info")).toEqual({
          userId: ada.id,
          sessionId: null,
          organizationId: null,
          organizationRole: null,
          email: "ada@example.com",
          firstName: "Ada",
          lastName: "Lovelace",
          username: "ada",
          imageUrl: expect.stringContaining(clerk.issuer),
        });
        expect(await call("get-my-organizations")).toEqual({
          organizations: [
            expect.objectContaining({ slug: "globex", role: "org:member", active: false }),
            expect.objectContaining({ slug: "acme", role: "org:admin", active: false }),
          ],
          totalCount: 2,
        });
      });

      it("refreshes an expired token, and its refresh token rotates", async () => {
        const person = new HeadlessSignIn({ fetch });
        const call = await connect(new URL(mcp.url), person);
        const before = await expire(person, clerk, mcp);
        clerk.requests({ reset: true });

        expect(await call("whoami")).toMatchObject({ userId: clerk.users.get("ada").id });
        expect(oauthRequests(clerk)).toEqual(["POST /oauth/token 200"]);
        expect(person.tokens()?.access_token).not.toBe(before.access_token);
        expect(person.tokens()?.refresh_token).toEqual(expect.any(String));
        expect(person.tokens()?.refresh_token).not.toBe(before.refresh_token);
      });
    });

    it("clients keep working after a key rotation, with the old token and with a refreshed one", async () => {
      const people = clients.map(() => new HeadlessSignIn({ fetch }));
      const calls = await Promise.all(
        clients.map(([, connect], index) => connect(new URL(mcp.url), people[index] as HeadlessSignIn)),
      );
      await clerk.rotateKeys();
      for (const call of calls) expect(await call("greet", { name: "World" })).toHaveProperty("greeting");
      for (const person of people) await expire(person, clerk, mcp);
      for (const call of calls) expect(await call("greet", { name: "World" })).toHaveProperty("greeting");
    });
  });
}
