/** `/users/{user_id}/oauth_access_tokens/{provider}`: the access tokens of the accounts that a user has connected. */
import type { AccountRecord } from "../accounts/external-accounts.js";
import type { LocalUser } from "../directory/directory.js";
import { Refused } from "../http/clerk-error.js";
import { derivedText } from "../ids.js";
import type { BackendApiParts } from "./parts.js";
import { pageOf, pageQuery, yesOrNo } from "./query.js";
import { missing } from "./refusals.js";
import type { Route } from "./route.js";

export function connectedAccountRoutes({ directory, providers, externalAccounts }: BackendApiParts): Route[] {
  return [
    [
      "GET",
      /^\/users\/([^/]+)\/oauth_access_tokens\/([^/]+)$/,
      (id, exchange, _caller, strategy) => {
        const { paginated, ...page } = pageQuery({ paginated: yesOrNo }, exchange);
        const user = directory.userById(id) ?? missing("user", id);
        const provider = strategy.replace(/^oauth_/, "");
        if (!providers.has(provider)) throw notEnabled();
        const accounts = externalAccounts.list(user.id, provider);
        const live = accounts.filter((account) => externalAccounts.refresh(account));
        if (accounts.length > 0 && live.length === 0) throw noRefreshToken();
        const data = pageOf(live, page).map(accessTokenResource);
        return paginated ? { data, total_count: live.length } : data;
      },
    ],
  ];
}

function accessTokenResource(account: AccountRecord) {
  return {
    object: "oauth_access_token",
    external_account_id: account.id,
    provider_user_id: account.providerUserId,
    token: account.token,
    expires_at: account.expiresAt,
    provider: `oauth_${account.provider}`,
    public_metadata: {},
    label: account.label,
    scopes: account.scopes,
  };
}

/** An account as a part of its user. It has no token. */
export function externalAccountResource(user: LocalUser, account: AccountRecord) {
  return {
    object: "external_account",
    id: account.id,
    provider: `oauth_${account.provider}`,
    identification_id: `idn_${derivedText(account.id).slice(0, 27)}`,
    provider_user_id: account.providerUserId,
    approved_scopes: account.scopes.join(" "),
    email_address: user.email,
    first_name: user.firstName ?? "",
    last_name: user.lastName ?? "",
    image_url: null,
    username: account.username,
    public_metadata: {},
    label: account.label,
    created_at: account.createdAt,
    updated_at: account.updatedAt,
    verification: {
      object: "verification_oauth",
      status: "verified",
      strategy: `oauth_${account.provider}`,
      attempts: null,
      expire_at: account.createdAt,
    },
  };
}

function notEnabled(): Refused {
  return new Refused({
    status: 404,
    code: "oauth_token_provider_not_enabled",
    message: "OAuth provider not enabled",
    longMessage: "Single-sign on for this OAuth provider is not enabled in the instance settings.",
  });
}

function noRefreshToken(): Refused {
  return new Refused({
    status: 422,
    code: "oauth_missing_refresh_token",
    message: "Cannot refresh OAuth access token",
    longMessage: "The access token has expired, and there is no refresh token for this account.",
  });
}
