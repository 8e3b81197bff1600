// A reverse proxy on loopback that adds an access token to each request, because the official suite has no option for a
// header.
import { once } from "node:events";
import { createServer, request as send } from "node:http";

/**
 * Everything else is forwarded unchanged, including `Host` and `Origin`: the server's own checks of them are under
 * test.
 *
 * @param {string} target the MCP URL
 * @param {string | undefined} token
 * @returns {Promise<{ url: string, stop: () => void }>}
 */
export async function startBearerProxy(target, token) {
  const { hostname, port, pathname } = new URL(target);
  const proxy = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const withToken = { ...headers, ...(token && { authorization: `Bearer ${token}` }) };
    const forwarded = send({ hostname, port, method, path, headers: withToken }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      // Forward the head of a stream at once, even if its first event takes a while.
      outgoing.flushHeaders();
      response.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    outgoing.on("close", () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (proxy.address());
  return {
    url: `http://127.0.0.1:${address.port}${pathname}`,
    stop() {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}
