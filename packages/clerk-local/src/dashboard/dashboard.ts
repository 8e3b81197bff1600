/** The page at the local Clerk's address: what the instance holds, and buttons that change it. */
import { type Exchange, type Handler, readBody, redirect, send } from "../http/exchange.js";
import { isOwnForm, isOwnRequest } from "../http/own-page.js";
import { randomText } from "../ids.js";
import { pageHeaders } from "../pages/headers.js";
import { errorPage } from "../pages/layout.js";
import { type Action, actions } from "./actions.js";
import { LiveUpdates } from "./live-updates.js";
import { dashboardPage, type Outcome } from "./page.js";
import type { DashboardParts } from "./parts.js";
import { script } from "./script.js";

const PREFIX = "/dashboard/";

/** Most outcomes that are kept until their page is asked for. */
const MAX_OUTCOMES = 20;

const HEADERS = {
  ...pageHeaders(undefined, script),
  // No other page may hold a reference to this one, or load it as a part of itself.
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Answers `/` and everything below `/dashboard/`. */
export function dashboardHandler(given: Omit<DashboardParts, "formKey">): Handler {
  const parts: DashboardParts = { ...given, formKey: randomText(32) };
  const { issuer } = parts.instance;
  const updates = new LiveUpdates(parts);
  const outcomes = new Map<string, Outcome>();

  return async (exchange) => {
    const { path, method, url } = exchange;
    if (path === "/") {
      if (method !== "GET" && method !== "HEAD") return false;
      // Under another name of this machine, the page's forms would come from another origin.
      if (`http://${exchange.req.headers.host}` !== issuer) return redirect(exchange, `${issuer}/`);
      const outcome = outcomes.get(url.searchParams.get("done") ?? "");
      return send(exchange, 200, await dashboardPage(parts, outcome), HEADERS);
    }
    if (!path.startsWith(PREFIX)) return false;
    if (path === `${PREFIX}events` && method === "GET") {
      if (!isOwnRequest(exchange, issuer)) return refuse(exchange, 403, "Only the page can use this stream.");
      return updates.open(exchange);
    }
    if (method !== "POST") return refuse(exchange, 405, "This page does not support that request.");

    const form = new URLSearchParams(await readBody(exchange.req));
    if (!isOwnForm(exchange, issuer, form, parts.formKey)) {
      return refuse(exchange, 403, "The form was not sent by this page, or the page is outdated. Reload it.");
    }
    const name = path.slice(PREFIX.length);
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action) return refuse(exchange, 404, "Unknown button.");
    const id = randomText(12);
    outcomes.set(id, await outcomeOf(action, parts, form));
    const [oldest] = outcomes.keys();
    if (outcomes.size > MAX_OUTCOMES && oldest !== undefined) outcomes.delete(oldest);
    return redirect(exchange, `${issuer}/?done=${id}#done`);
  };
}

async function outcomeOf(action: Action, parts: DashboardParts, form: URLSearchParams): Promise<Outcome> {
  const { section } = action;
  try {
    return { section, text: await action.run(parts, Object.fromEntries(form)), isError: false };
  } catch (error) {
    // A control throws only if its argument is wrong, and the message is written for the caller.
    return { section, text: error instanceof Error ? error.message : String(error), isError: true };
  }
}

async function refuse(exchange: Exchange, status: number, text: string): Promise<true> {
  return send(exchange, status, await errorPage({ title: "not_allowed", text }), pageHeaders());
}
