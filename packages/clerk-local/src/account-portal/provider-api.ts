/**
 * A tiny part of the APIs of GitHub and Google, at `/providers/<provider>`. It checks the access token as the provider
 * does, so that a tool can be tried without an account there.
 */
import type { AccountRecord, ExternalAccounts } from "../accounts/external-accounts.js";
import { bearerToken, type Exchange, type Handler, sendJson } from "../http/exchange.js";
import { derivedText } from "../ids.js";

interface Endpoint {
  provider: string;
  /** Below `/providers/<provider>`. */
  path: string;
  /** One of these is needed. */
  scopes: readonly string[];
  answer(account: AccountRecord, exchange: Exchange): { body: unknown; link?: string };
}

const CALENDAR = "https://www.googleapis.com/auth/calendar";

const ENDPOINTS: readonly Endpoint[] = [
  { provider: "github", path: "/user/repos", scopes: ["repo"], answer: repositories },
  {
    provider: "google",
    path: "/calendar/v3/calendars/primary/events",
    scopes: [CALENDAR, `${CALENDAR}.readonly`, `${CALENDAR}.events`, `${CALENDAR}.events.readonly`],
    answer: ({ username }) => ({
      body: { kind: "calendar#events", summary: username, items: [{ id: "1", summary: "Tea with Grace" }] },
    }),
  },
];

export function providerApiHandler(accounts: ExternalAccounts): Handler {
  return (exchange) => {
    const endpoint = ENDPOINTS.find(
      ({ provider, path }) => exchange.path === `/providers/${provider}${path}`,
    );
    if (!endpoint || exchange.method !== "GET") return false;
    const account = accounts.byLiveToken(endpoint.provider, bearerToken(exchange) ?? "");
    if (!account) return sendJson(exchange, 401, { message: "Bad credentials" });
    if (!endpoint.scopes.some((scope) => account.scopes.includes(scope))) {
      return sendJson(exchange, 403, { message: `The token needs one of: ${endpoint.scopes.join(", ")}` });
    }
    const { body, link } = endpoint.answer(account, exchange);
    return sendJson(exchange, 200, body, link === undefined ? {} : { link });
  };
}

function repositories(account: AccountRecord, { url }: Exchange): ReturnType<Endpoint["answer"]> {
  const size = wholeNumber(url.searchParams.get("per_page"), 30, 100);
  const page = wholeNumber(url.searchParams.get("page"), 1, 1_000_000);
  const end = page * size;
  const body = account.repositories.slice(end - size, end).map((name) => repository(account, name));
  if (end >= account.repositories.length) return { body };
  const next = new URL(url);
  next.searchParams.set("page", String(page + 1));
  return { body, link: `<${next.href}>; rel="next"` };
}

function repository({ username, createdAt }: AccountRecord, name: string): object {
  const fullName = `${username}/${name}`;
  return {
    id: Number.parseInt(derivedText(fullName).slice(0, 7), 16),
    name,
    full_name: fullName,
    private: name.length % 2 === 0,
    html_url: `https://github.example/${fullName}`,
    description: null,
    language: null,
    updated_at: new Date(createdAt).toISOString(),
  };
}

function wholeNumber(text: string | null, fallback: number, most: number): number {
  return text !== null && /^[1-9]\d{0,6}$/.test(text) ? Math.min(Number(text), most) : fallback;
}
