/**
 * Sign-in and consent without a browser, for demos and tests. When it is on, the local Clerk visits its own pages as a
 * browser would, and answers an authorization request with the redirect back to the client.
 *
 * Only an option or a control call with the secret key switches it on. While it is on, `login_hint` in the
 * authorization request selects another user.
 */
import { randomBytes } from "node:crypto";
import type { Directory, LocalUser } from "../directory/directory.js";
import { type Exchange, type Handler, redirect, send } from "../http/exchange.js";
import type { AutoApproval } from "../options.js";

/** Marks the local Clerk's own requests. Its value is random, so that no client can send it. */
const VISITOR_HEADER = "x-clerk-local-visitor";

/** Most pages of one sign-in. More mean a loop. */
const MAX_STEPS = 12;

export class AutoApprove {
  readonly #issuer: string;
  readonly #directory: Directory;
  readonly #visitorKey = randomBytes(16).toString("hex");
  #approval: AutoApproval | false;

  constructor(issuer: string, directory: Directory, approval: AutoApproval | boolean) {
    this.#issuer = issuer;
    this.#directory = directory;
    this.#approval = false;
    this.set(approval);
  }

  /** Throws if the user or the organization does not exist. */
  set(choice: AutoApproval | boolean): void {
    const approval = choice === true ? {} : choice;
    if (approval && approval.user !== undefined) this.#directory.user(approval.user);
    if (approval && approval.organization !== undefined) this.#directory.organization(approval.organization);
    this.#approval = approval;
  }

  /** Whether this module sent the request. */
  isVisitor({ req }: Exchange): boolean {
    return req.headers[VISITOR_HEADER] === this.#visitorKey;
  }

  readonly handler: Handler = async (exchange) => {
    const approval = this.#approval;
    if (!approval || exchange.path !== "/oauth/authorize" || exchange.method !== "GET") return false;
    const user = this.#user(approval, exchange.url.searchParams.get("login_hint"));
    const answer = await this.#walk(exchange.url, user, approval);
    const location = answer.headers.get("location");
    if (location) return redirect(exchange, location);
    return send(exchange, answer.status, await answer.text(), {
      "content-type": answer.headers.get("content-type") ?? "text/html; charset=utf-8",
    });
  };

  #user(approval: AutoApproval, hint: string | null): LocalUser {
    const named = (hint && this.#directory.findUser(hint)) || undefined;
    const user =
      named ??
      (approval.user === undefined
        ? this.#directory.users().find((entry) => !entry.banned)
        : this.#directory.user(approval.user));
    if (!user) throw new Error("autoApprove: there is no user who can sign in.");
    return user;
  }

  /** Follows redirects and submits forms until a redirect leaves the local Clerk. */
  async #walk(start: URL, user: LocalUser, approval: AutoApproval): Promise<Response> {
    const cookies = new Map<string, string>();
    let answer = await this.#visit(start, cookies);
    for (let step = 0; step < MAX_STEPS; step++) {
      const location = answer.headers.get("location");
      const next = location ? new URL(location, this.#issuer) : undefined;
      if (next && next.origin === this.#issuer) {
        answer = await this.#visit(next, cookies);
        continue;
      }
      const form = next ? undefined : this.#form(await answer.clone().text(), user, approval);
      if (!form) return answer;
      answer = await this.#visit(form.action, cookies, form.fields);
    }
    throw new Error("autoApprove: the sign-in did not come to an end.");
  }

  #form(page: string, user: LocalUser, { organization, decision = "allow" }: AutoApproval) {
    const action = /action="(\/interaction\/[\w-]+)\/(login|allow)"/.exec(page);
    if (!action) return undefined;
    const [, interaction, step] = action;
    const fields: Record<string, string> =
      step === "login"
        ? { user: user.id }
        : { organization: organization === undefined ? "" : this.#directory.organization(organization).id };
    const path = step === "login" ? "login" : decision;
    return { action: new URL(`${interaction}/${path}`, this.#issuer), fields };
  }

  async #visit(url: URL, cookies: Map<string, string>, fields?: Record<string, string>): Promise<Response> {
    const answer = await fetch(url, {
      redirect: "manual",
      headers: {
        [VISITOR_HEADER]: this.#visitorKey,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      },
      ...(fields && { method: "POST", body: new URLSearchParams(fields) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name && value) cookies.set(name, value);
      else if (name) cookies.delete(name);
    }
    return answer;
  }
}
