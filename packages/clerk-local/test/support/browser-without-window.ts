/** Visits the pages like a browser, with cookies, redirects and forms. */

export class Visitor {
  readonly #cookies = new Map<string, string>();

  /** Follows redirects until it reaches a page, or a redirect to another site. */
  async visit(
    url: string | URL,
    init: RequestInit = {},
  ): Promise<{ url: URL; response: Response; page: string }> {
    const origin = new URL(url).origin;
    let target = new URL(url);
    let response = await this.fetch(target, init);
    for (
      let location = response.headers.get("location");
      location;
      location = response.headers.get("location")
    ) {
      target = new URL(location, target);
      if (target.origin !== origin) break;
      response = await this.fetch(target);
    }
    return { url: target, response, page: await response.text() };
  }

  submit(
    page: { url: URL },
    path: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ) {
    return this.visit(new URL(path, page.url), {
      method: "POST",
      body: new URLSearchParams(fields),
      headers,
    });
  }

  async fetch(url: URL, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      // Opens a new connection each time: the server may have been restarted in between.
      headers: {
        connection: "close",
        ...(init.headers as Record<string, string>),
        ...(cookie && { cookie }),
      },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }
}
