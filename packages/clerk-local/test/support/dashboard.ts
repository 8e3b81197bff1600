/** The local Clerk's page, used without a browser. */
import type { ClerkLocal } from "@xmcp-dev/clerk-local";

export async function loadPage(local: ClerkLocal, path = "/"): Promise<string> {
  return (await fetch(local.issuer + path)).text();
}

/** The key in the page's forms. */
export async function formKey(local: ClerkLocal): Promise<string> {
  return /name="key" value="(\w+)"/.exec(await loadPage(local))?.[1] ?? "";
}

/** Sends a form as a browser sends the page's own. @param headers replace the browser's; `undefined` omits one */
export async function press(
  local: ClerkLocal,
  action: string,
  fields: Record<string, string>,
  headers: Record<string, string | undefined> = {},
): Promise<Response> {
  const sent = { origin: local.issuer, "sec-fetch-site": "same-origin", ...headers };
  return fetch(`${local.issuer}/dashboard/${action}`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ key: await formKey(local), ...fields }),
    headers: Object.fromEntries(
      Object.entries(sent).flatMap(([name, value]) => (value ? [[name, value]] : [])),
    ),
  });
}

/** What the page says about a pressed button. */
export async function outcome(answer: Response): Promise<string> {
  const page = await (await fetch(answer.headers.get("location") ?? "")).text();
  return /<p id="done"[^>]*>([^<]*)</.exec(page)?.[1] ?? "";
}

/** The events of the page's stream. Leaving the loop closes it. */
export async function* events(
  local: ClerkLocal,
  headers: Record<string, string> = {},
): AsyncGenerator<{ event: string; data: Record<string, string> }> {
  const answer = await fetch(`${local.issuer}/dashboard/events`, { headers });
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const [, event = "", data = "{}"] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      yield { event, data: JSON.parse(data) as Record<string, string> };
    }
  }
}
