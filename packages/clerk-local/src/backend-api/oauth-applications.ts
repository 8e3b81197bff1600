/**
 * The OAuth applications that clients have registered. Applications from the seed are not listed and cannot be deleted.
 */
import type { Payload, RecordStore } from "../state/records.js";
import { page } from "./paging.js";
import { missing, type Route } from "./route.js";

/** oidc-provider's name for this kind of record. */
const STORED = "Client";

export function oauthApplicationRoutes({ store }: { store: RecordStore }): Route[] {
  return [
    [
      "GET",
      /^\/oauth_applications$/,
      (_id, { url }) => {
        const query = url.searchParams.get("name_query");
        const all = store
          .all(STORED)
          .filter(({ client_id, client_name }) => query === null || [client_id, client_name].includes(query))
          .reverse();
        return { data: page(url, all).map(oauthApplicationResource), total_count: all.length };
      },
    ],
    [
      "DELETE",
      /^\/oauth_applications\/([^/]+)$/,
      (id) => {
        const [clientId] = store.keys(STORED, (client) => idOf(client) === id);
        if (clientId === undefined) return missing("OAuth application", id);
        store.delete(STORED, clientId);
        return { object: "oauth_application", id, deleted: true };
      },
    ],
  ];
}

function oauthApplicationResource(client: Payload) {
  return {
    object: "oauth_application",
    id: idOf(client),
    name: client.client_name ?? "",
    client_id: client.client_id,
    dynamically_registered: true,
    consent_screen_enabled: true,
    pkce_required: true,
    public: client.token_endpoint_auth_method === "none",
    scopes: client.scope ?? "",
    redirect_uris: client.redirect_uris ?? [],
  };
}

function idOf({ client_id }: Payload): string {
  return String(client_id).replace(/^client_/, "oa_");
}
