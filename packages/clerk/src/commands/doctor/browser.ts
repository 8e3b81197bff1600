/** Opens an address in the person's browser. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Runs the command in `BROWSER`, or else the platform's, with the address as its last argument and without a shell.
 * The result is unknown, so show the address as well.
 */
export function openBrowser(address: string, browser: string | undefined): void {
  const [command = "", ...args] = browser?.split(/\s+/).filter(Boolean) ?? platformCommand();
  const child = spawn(command, [...args, address], { stdio: "ignore", detached: true });
  child.on("error", () => {
    // No browser is available; the person can open the address by hand.
  });
  child.unref();
}

function platformCommand(): string[] {
  if (process.platform === "darwin") return ["open"];
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return ["xdg-open"];
}

/** The loopback address that receives the authorization code (RFC 8252 section 7.3). */
export interface RedirectListener {
  readonly redirectURI: string;
  /** Where its client ID metadata document is: an authorization server on this machine can read it. */
  readonly documentURL: string;
  /**
   * Resolves to the parameters of the first redirect with this `state`, or to `undefined` after the time limit. Other
   * web pages can send the browser here, but do not have the `state`.
   */
  received(state: string, withinMs: number): Promise<URLSearchParams | undefined>;
  close(): void;
}

const PATH = "/callback";
const DOCUMENT_PATH = "/client.json";
const DONE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Signed in</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { display: grid; place-content: center; min-height: 100vh; margin: 0; text-align: center; }
  h1 { margin: 0; font-size: 1.25rem; }
  p { margin: 0.5rem 0 0; }
</style>
<h1>Sign-in finished</h1>
<p>You can close this page. The terminal shows the result.</p>
`;

/** @param client the members of the client's metadata, except for its id and redirect URI */
export async function redirectListener(client: object = {}): Promise<RedirectListener> {
  let arrived: (parameters: URLSearchParams) => boolean = () => false;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    if (request.method === "GET" && pathname === DOCUMENT_PATH) {
      response.writeHead(200, { "content-type": "application/json", connection: "close" });
      response.end(JSON.stringify({ client_id: documentURL, redirect_uris: [redirectURI], ...client }));
      return;
    }
    const isMeant = request.method === "GET" && pathname === PATH && arrived(searchParams);
    response.writeHead(isMeant ? 200 : 404, { "content-type": "text/html", connection: "close" });
    response.end(isMeant ? DONE : "");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // A check that ends early must not keep the process alive.
  server.unref();
  const { port } = server.address() as AddressInfo;
  const redirectURI = `http://127.0.0.1:${port}${PATH}`;
  const documentURL = `http://127.0.0.1:${port}${DOCUMENT_PATH}`;
  return {
    redirectURI,
    documentURL,
    received: (state, withinMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(undefined), withinMs);
        arrived = (parameters) => {
          if (parameters.get("state") !== state) return false;
          clearTimeout(timer);
          resolve(parameters);
          return true;
        };
      }),
    close() {
      server.close();
      server.closeIdleConnections();
    },
  };
}
