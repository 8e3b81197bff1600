const EXPOSE_HEADERS = "access-control-expose-headers";

/**
 * Gives an answer of our own the CORS headers that xmcp puts on its answers (`http.cors`), which are those of its
 * answer to a preflight. What the answer says itself counts.
 */
export async function withCorsOf(
  handle: (request: Request) => Promise<Response>,
  { url, headers }: Request,
  response: Response,
): Promise<Response> {
  const origin = headers.get("origin");
  const preflight = new Request(url, { method: "OPTIONS", headers: origin === null ? {} : { origin } });
  const { headers: cors } = await handle(preflight);
  const merged = new Headers(response.headers);
  for (const [name, value] of cors) {
    if (name === EXPOSE_HEADERS) merged.set(name, list(value, merged.get(name)));
    else if (!merged.has(name)) merged.set(name, value);
  }
  return new Response(response.body, { status: response.status, headers: merged });
}

function list(...values: readonly (string | null)[]): string {
  return values.filter(Boolean).join(", ");
}
