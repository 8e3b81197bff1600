/** How a client becomes known to Clerk: by a metadata document, by registration, or not at all. */
import type { ClerkLocalOptions } from "@xmcp-dev/clerk-local";
import { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { oauthRequests, protectedTemplate } from "./support/protected-template.js";
import { clients, expire } from "./support/sdk-clients.js";

const DOCUMENT = {
  client_id: "https://client.test/oauth/client.json",
  client_name: "Client with a document",
  redirect_uris: ["http://127.0.0.1/callback"],
};
const clientMetadataUrl = DOCUMENT.client_id;

/** Fails where another client would register. */
const neverRegistering: typeof fetch = async (input, init) => {
  if (String(input).endsWith("/oauth/register")) throw new Error("This client does not register.");
  return fetch(input, init);
};

const CLIENTS = {
  "only has a document": () => new HeadlessSignIn({ clientMetadataUrl, fetch: neverRegistering }),
  "only registers": () => new HeadlessSignIn(),
  "prefers its document": () => new HeadlessSignIn({ clientMetadataUrl }),
};

type Way = "document" | "registration" | undefined;

/** The way of each client, in the order of `CLIENTS`. */
const PROFILES: readonly [name: string, options: ClerkLocalOptions, ways: readonly Way[]][] = [
  ["both ways are open", {}, ["document", "registration", "document"]],
  ["registration is off", { registration: false }, ["document", undefined, "document"]],
  ["documents are not taken", { clientIdMetadata: false }, [undefined, "registration", "registration"]],
  ["neither is open", { registration: false, clientIdMetadata: false }, [undefined, undefined, undefined]],
  [
    "a registration's answer lacks refresh_token",
    { clientIdMetadata: false, registeredGrantTypes: "authorization_code" },
    [undefined, "registration", "registration"],
  ],
];

const REQUESTS: Readonly<Record<NonNullable<Way>, readonly string[]>> = {
  document: ["GET /oauth/authorize 303", "POST /oauth/token 200"],
  registration: ["POST /oauth/register 201", "GET /oauth/authorize 303", "POST /oauth/token 200"],
};

describe.each(PROFILES)("if %s", async (_name, options, ways) => {
  const { clerk, mcp } = await protectedTemplate({ autoApprove: { user: "ada" }, ...options });
  clerk.metadataClients.publish(DOCUMENT);
  const url = new URL(mcp.url);

  describe.each(clients)("%s", (_sdk, connect) => {
    it.each(
      Object.entries(CLIENTS).map(([name, client], index) => [name, ways[index] ?? "none", client] as const),
    )("that %s gets in by: %s", async (_kind, way, client) => {
      const person = client();
      clerk.requests({ reset: true });
      if (way === "none") {
        await expect(connect(url, person)).rejects.toThrow();
        expect(oauthRequests(clerk).filter((request) => request.includes("/oauth/token"))).toEqual([]);
        return;
      }
      const call = await connect(url, person);
      expect(oauthRequests(clerk)).toEqual(REQUESTS[way]);
      const { client_id: clientId } = person.clientInformation() ?? {};
      expect(await call("whoami")).toMatchObject({ clientId });
      expect(clientId === clientMetadataUrl).toBe(way === "document");
      await expire(person, clerk, mcp);
      expect(await call("whoami"), "it refreshes").toMatchObject({ clientId });
    });
  });
});
