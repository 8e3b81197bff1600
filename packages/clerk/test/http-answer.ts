import { request } from "node:http";
import { text } from "node:stream/consumers";

/** A parsed `WWW-Authenticate` value (RFC 9110 section 11.6.1). */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const CHALLENGE = /^([A-Za-z]+) ((?:[a-z_]+="[^"\\]*")(?:, [a-z_]+="[^"\\]*")*)$/;

export function challengeOf(response: Response): Challenge | undefined {
  const value = response.headers.get("www-authenticate");
  if (value === null) return undefined;
  const [, scheme = "", list = ""] = CHALLENGE.exec(value) ?? [];
  const pairs = [...list.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name = "", content = ""]) => [
    name,
    content,
  ]);
  return { scheme, parameters: Object.fromEntries(pairs) };
}

export interface OAuthError {
  readonly error: string;
  readonly error_description: string;
}

export async function errorOf(response: Response): Promise<OAuthError> {
  return (await response.json()) as OAuthError;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends path and headers exactly as given, where `fetch` would refuse or normalize them. */
export function rawRequest(
  origin: string,
  path: string,
  headers: readonly (readonly [name: string, value: string])[] = [],
  method = "GET",
): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(origin);
  const named = headers.some(([name]) => name.toLowerCase() === "host");
  const sent = named ? headers : [["Host", host] as const, ...headers];
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path, method, headers: sent.flat() as never, setHost: false });
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      text(incoming).then(
        (body) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }),
        reject,
      );
    });
    outgoing.end();
  });
}
