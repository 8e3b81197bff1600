/** Checks the server's first answer, which makes a client sign in. */
import { isLoopback, isSafeURL } from "../../../runtime/loopback.js";
import { type Answer, orUnanswered, Unanswered, type UnansweredReason } from "../ask.js";
import { check, type Finding, fail, ok, warn } from "../check.js";
import { bearer, challengeField, mcpMessage, scopeWords } from "../wire.js";

const server = check({
  id: "server",
  title: "Server",
  needs: [],
  can: ["fail"],
  async run({ ask, url, known, isUrlGiven }) {
    if (!isSafeURL(url)) {
      const { host, pathname } = new URL(url);
      return fail(
        "http is for loopback only: others could read the tokens",
        `Use https://${host}${pathname}`,
      );
    }
    const answer = await orUnanswered(ask(url, mcpMessage("tools/list")));
    if (answer instanceof Unanswered) {
      const isSetUp = isUrlGiven || known.settings !== undefined;
      return fail(answer.message, isSetUp ? whereItIs(answer.reason, url) : START);
    }
    known.unauthenticated = answer;
    return ok(url);
  },
});

const START =
  "Start it. Without a Clerk account: npm run dev:local. With one: copy .env.example to .env, fill it in, and run npm run dev.\n" +
  "If it runs at another URL: --url <mcp url>";

function whereItIs(reason: UnansweredReason, url: string): string {
  switch (reason) {
    case "refused":
    case "failed":
      return isLoopback(new URL(url).hostname)
        ? "Start it: npm run dev. If it runs at another URL: --url <mcp url>"
        : "Start it there with HOST=0.0.0.0, and let the proxy forward to its PORT.";
    case "unknown host":
      return "Correct the address in BASE_URL, or --url; or create the DNS record.";
    case "certificate":
      return "Use a certificate that clients trust, with its whole chain.";
    case "timed out":
    case "too large":
      return "Check the server's log. If another program has this port, set PORT (and BASE_URL to match).";
  }
}

const UNPROTECTED =
  "src/middleware.ts needs a default export: export default clerkProvider(); – then build again and restart.";

const NO_TOOL = { name: "clerk-doctor-no-such-tool", arguments: {} };

const challenge = check({
  id: "challenge",
  title: "Request without a token",
  needs: ["server"],
  can: ["fail"],
  async run({ ask, url, known }) {
    const first = known.unauthenticated as Answer;
    const isListed = first.status < 300;
    // Lists may be open (`discovery`), but not a tool that is not declared public.
    const answer = isListed ? await ask(url, mcpMessage("tools/call", NO_TOOL)) : first;
    known.unauthenticated = answer;
    if (answer.status !== 401) return wrongStatus(answer, url);
    const field = answer.headers.get("www-authenticate");
    if (field === null) {
      const fix = `A proxy must not remove WWW-Authenticate. Without a proxy: ${UNPROTECTED}`;
      return fail("401 without WWW-Authenticate: clients cannot sign in", fix);
    }
    const found = challengeField(field);
    if (found.scheme.toLowerCase() !== "bearer") {
      const fix = `Something else protects this URL, e.g. a proxy or another middleware: remove it. ${UNPROTECTED}`;
      return fail(`the first challenge is ${found.scheme}, not Bearer`, fix);
    }
    const metadataURL = found.parameters.get("resource_metadata");
    if (metadataURL === undefined) {
      return fail("the challenge has no resource_metadata", `Another middleware answers. ${UNPROTECTED}`);
    }
    if (!URL.canParse(metadataURL)) {
      return fail("resource_metadata is not an absolute URL", `Another middleware answers. ${UNPROTECTED}`);
    }
    const { origin } = new URL(metadataURL);
    if (origin !== new URL(url).origin) {
      const fix = `Set BASE_URL=${new URL(url).origin} and restart, or use ${origin} in the client.`;
      return fail(`the challenge sends clients of ${new URL(url).origin} to ${origin}`, fix);
    }
    known.challenge = found;
    const scopes = scopeWords(found.parameters.get("scope")).join(" ") || "none";
    return ok(`${isListed ? "lists are open, a call is answered " : ""}401, scope ${scopes}`);
  },
});

function wrongStatus({ status, headers, json }: Answer, url: string): Finding<"fail"> {
  const { error } = (json ?? {}) as { error?: unknown };
  if (status < 300) return fail(`it accepts requests without a token (${status})`, UNPROTECTED);
  if (status < 400) {
    const to = headers.get("location") ?? "another address";
    return fail(`it redirects (${status}) to ${to}`, "Use that URL in clients and in BASE_URL.");
  }
  if (status === 404 || status === 405) {
    const { pathname } = new URL(url);
    const fix =
      "The path is http.endpoint in xmcp.config.ts, /mcp by default. Use the right one: --url <mcp url>";
    return fail(`there is no MCP endpoint at ${pathname} (${status})`, fix);
  }
  if (status === 403 && error === "forbidden") {
    const fix = `Set BASE_URL=${new URL(url).origin}: on loopback, the server answers to loopback addresses only.`;
    return fail("the server does not answer to this host name (403)", fix);
  }
  if (status === 500 && error === "server_error") {
    return fail("its configuration is invalid (500)", "Its log names the value: set it, and restart.");
  }
  return fail(`it answers ${status} instead of 401`, "Check the log of the server and of its proxy.");
}

const MADE_UP = "a-made-up-token";

const refusal = check({
  id: "refusal",
  title: "Request with a made-up token",
  needs: ["challenge"],
  can: ["warn", "fail"],
  async run({ ask, url }) {
    const { status, headers } = await ask(url, mcpMessage("tools/list", {}, bearer(MADE_UP)));
    if (status < 400) return fail(`it accepts any token (${status})`, UNPROTECTED);
    if (status === 429) {
      return warn(
        "Too many refused tokens from here (429).",
        "Wait for the window of failedAttempts to end.",
      );
    }
    if (status !== 401) {
      const fix = "Check the server's log; with 500 or 503 it cannot use Clerk.";
      return fail(`it answers ${status} instead of 401`, fix);
    }
    const { parameters } = challengeField(headers.get("www-authenticate") ?? "");
    if (parameters.get("error") === "invalid_token") return ok("401 invalid_token");
    if (isOwnChallenge(parameters)) {
      const fix =
        "A proxy or platform removes Authorization: forward it. nginx: proxy_set_header Authorization " +
        "$http_authorization; – Apache: CGIPassAuth On.";
      return fail("The server did not receive the token.", fix);
    }
    const fix = "Forward WWW-Authenticate unchanged.";
    return warn("The 401 lacks invalid_token: clients do not sign in again automatically.", fix);
  },
});

/** Whether the plugin wrote the challenge for a request without a token (RFC 6750 section 3). */
function isOwnChallenge(parameters: ReadonlyMap<string, string>): boolean {
  return parameters.has("resource_metadata") && !parameters.has("error");
}

export const challengeChecks = [server, challenge, refusal];
