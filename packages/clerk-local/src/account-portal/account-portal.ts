/** `/user`, where users connect accounts at other providers, and the providers' consent pages. */
import type { ExternalAccounts } from "../accounts/external-accounts.js";
import { type Providers, providerName } from "../accounts/providers.js";
import type { LocalUser } from "../directory/directory.js";
import { type Exchange, type Handler, readBody, redirect, send } from "../http/exchange.js";
import { isOwnForm } from "../http/own-page.js";
import { randomText } from "../ids.js";
import { pageHeaders } from "../pages/headers.js";
import { errorPage } from "../pages/layout.js";
import { signInPage } from "../pages/sign-in.js";
import { providerConsentPage } from "./provider-consent.js";
import { type SessionParts, signedInUser, signIn, signOut } from "./signed-in.js";
import { userPage } from "./user-page.js";

export interface AccountPortalParts extends SessionParts {
  issuer: string;
  providers: Providers;
  externalAccounts: ExternalAccounts;
}

const PATH = /^\/(?:user(?:\/(sign-in|sign-out|connect|disconnect))?|providers\/([\w-]+)\/authorize)$/;

const HEADERS = {
  ...pageHeaders(),
  // No other page may hold a reference to these, or load one as a part of itself.
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

export function accountPortalHandler(parts: AccountPortalParts): Handler {
  const { issuer } = parts;
  const formKey = randomText(32);
  return async (exchange) => {
    const match = PATH.exec(exchange.path);
    if (!match) return false;
    const [, action, provider] = match;
    if (provider !== undefined && !parts.providers.has(provider)) {
      return refuse(exchange, 404, "This provider is not enabled.");
    }
    if (["GET", "HEAD"].includes(exchange.method) && action === undefined) {
      // Under another name of this machine, the page's forms would come from another origin.
      if (`http://${exchange.req.headers.host}` !== issuer) return redirect(exchange, exchange.url.href);
      return show(parts, exchange, formKey, provider);
    }
    if (exchange.method !== "POST") return refuse(exchange, 405, "This page cannot be used in that way.");
    const form = new URLSearchParams(await readBody(exchange.req));
    if (!isOwnForm(exchange, issuer, form, formKey)) {
      return refuse(exchange, 403, "The form was not sent by this page, or the page is outdated. Reload it.");
    }
    return take(parts, exchange, form, provider === undefined ? action : "authorize", provider);
  };
}

async function show(
  parts: AccountPortalParts,
  exchange: Exchange,
  formKey: string,
  provider: string | undefined,
): Promise<true> {
  const { issuer, directory, providers, externalAccounts } = parts;
  const user = await signedInUser(parts, exchange);
  if (!user) {
    if (provider !== undefined) return redirect(exchange, `${issuer}/user`);
    const page = { action: "/user/sign-in", client: "your account", users: directory.users(), formKey };
    return send(exchange, 200, await signInPage(page), HEADERS);
  }
  const accounts = externalAccounts.list(user.id);
  if (provider !== undefined) {
    const earlier = accounts.find((account) => account.provider === provider);
    const username = earlier?.username ?? user.username;
    const page = { provider, username, scopes: providers.scopes(provider), formKey };
    return send(exchange, 200, await providerConsentPage(page), HEADERS);
  }
  const page = await userPage({
    user,
    accounts,
    isExpired: (account) => externalAccounts.isExpired(account),
    providers: providers.ids(),
    outcome: outcomeOf(parts, exchange, user),
    formKey,
  });
  return send(exchange, 200, page, HEADERS);
}

async function take(
  parts: AccountPortalParts,
  exchange: Exchange,
  form: URLSearchParams,
  action: string | undefined,
  provider: string | undefined,
): Promise<true> {
  const { issuer, externalAccounts } = parts;
  if (action === "sign-in") {
    if (await signIn(parts, exchange, form.get("user") ?? "")) return redirect(exchange, `${issuer}/user`);
    return refuse(exchange, 403, "This account cannot sign in.");
  }
  const user = await signedInUser(parts, exchange);
  if (!user || action === undefined) return redirect(exchange, `${issuer}/user`);
  switch (action) {
    case "sign-out":
      await signOut(parts, exchange);
      return redirect(exchange, `${issuer}/user`);
    case "connect": {
      const chosen = form.get("provider") ?? "";
      if (!parts.providers.has(chosen)) return refuse(exchange, 404, "This provider is not enabled.");
      return redirect(exchange, `${issuer}/providers/${chosen}/authorize`);
    }
    case "disconnect": {
      const account = externalAccounts.byId(form.get("account") ?? "");
      if (account?.userId === user.id) externalAccounts.disconnect(account);
      return redirect(exchange, `${issuer}/user`);
    }
    default:
      return redirect(exchange, `${issuer}/user?${connect(parts, form, user, provider ?? "")}=${provider}`);
  }
}

/** @returns what has become of it, as a name in the query of the user's page */
function connect(
  { providers, externalAccounts }: AccountPortalParts,
  form: URLSearchParams,
  user: LocalUser,
  provider: string,
): "connected" | "denied" {
  if (form.get("decision") !== "allow") return "denied";
  const chosen = form.getAll("scope");
  const scopes = providers.scopes(provider).filter((scope) => chosen.includes(scope));
  const username = (form.get("username") ?? "").trim().slice(0, 60) || user.username;
  externalAccounts.connect({ userId: user.id, provider, username, scopes });
  return "connected";
}

/** Only what is true: the query is anybody's. */
function outcomeOf(
  { providers, externalAccounts }: AccountPortalParts,
  { url: { searchParams } }: Exchange,
  user: LocalUser,
): string | undefined {
  const connected = searchParams.get("connected") ?? "";
  if (providers.has(connected) && externalAccounts.list(user.id, connected).length > 0) {
    return `${providerName(connected)} is connected. Go back to your client, and ask again.`;
  }
  const denied = searchParams.get("denied") ?? "";
  return providers.has(denied) ? `Access to ${providerName(denied)} was not allowed.` : undefined;
}

async function refuse(exchange: Exchange, status: number, text: string): Promise<true> {
  return send(exchange, status, await errorPage({ title: "not_allowed", text }), HEADERS);
}
