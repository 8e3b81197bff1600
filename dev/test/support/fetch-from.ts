import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";

/** A `fetch` that resolves one public host name to this machine and trusts its certificate. */
export function fetchFrom(hostname: string, ca: string): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.hostname !== hostname) return fetch(request);
    const { method, signal } = request;
    const headers = { ...Object.fromEntries(request.headers), host: url.host };
    const here = { hostname: "127.0.0.1", servername: hostname, ca, agent: false };
    const body = Buffer.from(await request.arrayBuffer());
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      httpsRequest(url, { ...here, method, headers, signal }, resolve)
        .on("error", reject)
        .end(body);
    });
    const fields = Object.entries(answer.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    const hasBody = method !== "HEAD" && answer.statusCode !== 204 && answer.statusCode !== 304;
    const stream = hasBody ? (Readable.toWeb(answer) as ReadableStream) : null;
    return new Response(stream, { status: answer.statusCode ?? 0, headers: fields });
  };
}
