/** A person at their browser: opens the link that a client shows, and connects the account. */
import { Visitor } from "../../../../packages/clerk-local/test/support/browser-without-window.js";

/** Signs in at the stand-in, and allows access at the provider. @returns what the last page says */
export async function connectAt(link: string, user: string, scopes: readonly string[]): Promise<string> {
  const visitor = new Visitor();
  const page = await visitor.visit(link);
  const { origin } = page.url;
  const id = new RegExp(`value="(user_\\w+)" data-user="${user}"`).exec(page.page)?.[1] ?? "";
  const key = /name="key" value="(\w+)"/.exec(page.page)?.[1] ?? "";
  const submit = async (path: string, fields: Record<string, string> | [string, string][]) => {
    const body = new URLSearchParams(fields);
    body.set("key", key);
    return visitor.visit(`${origin}${path}`, { method: "POST", body, headers: { origin } });
  };
  await submit("/user/sign-in", { user: id });
  const consent = await submit("/user/connect", { provider: "github" });
  const username = /name="username" value="([^"]+)"/.exec(consent.page)?.[1] ?? "";
  const done = await submit(consent.url.pathname, [
    ["decision", "allow"],
    ["username", username],
    ...scopes.map((scope): [string, string] => ["scope", scope]),
  ]);
  return done.page;
}
