/** Checks what browsers allow a page of another origin, such as the Inspector's. */
import type { Answer } from "../ask.js";
import { check, type Finding, fail, ok } from "../check.js";
import { mcpMessage } from "../wire.js";

/** Origin of the MCP Inspector's page. */
const PAGE = "http://localhost:6274";

const CORS_OFF =
  "http.cors in xmcp.config.ts allows every origin unless set; a proxy must let OPTIONS and the Access-Control-* fields through.";

const preflight = check({
  id: "cors.preflight",
  title: "CORS: preflight",
  needs: ["challenge"],
  can: ["fail"],
  async run({ ask, url }) {
    const wanted = ["authorization", "content-type", "mcp-protocol-version"];
    const answer = await ask(url, preflightFor("POST", wanted));
    return refusedPreflight(answer, wanted) ?? ok(`from ${allowedOrigin(answer)}`);
  },
});

const exposed = check({
  id: "cors.challenge",
  title: "CORS: challenge",
  needs: ["challenge"],
  can: ["fail"],
  async run({ ask, url }) {
    const answer = await ask(url, mcpMessage("tools/list", {}, { origin: PAGE }));
    if (answer.status === 403) {
      return ok("pages of other origins are refused; allowedOrigins lets some in");
    }
    if (allowedOrigin(answer) === undefined) {
      return fail(`the 401 has no Access-Control-Allow-Origin for ${PAGE}`, CORS_OFF);
    }
    const names = listed(answer, "access-control-expose-headers");
    if (names.includes("www-authenticate") || names.includes("*")) return ok("WWW-Authenticate is exposed");
    const fix = "Forward Access-Control-Expose-Headers unchanged.";
    return fail("WWW-Authenticate is not exposed: a web page cannot read where to sign in", fix);
  },
});

const metadata = check({
  id: "cors.metadata",
  title: "CORS: metadata",
  needs: ["metadata"],
  can: ["fail"],
  async run({ ask, known }) {
    const place = known.challenge?.parameters.get("resource_metadata") ?? "";
    const wanted = ["mcp-protocol-version"];
    const refused = refusedPreflight(await ask(place, preflightFor("GET", wanted)), wanted);
    if (refused !== undefined) return refused;
    const origin = allowedOrigin(await ask(place, { headers: { origin: PAGE } }));
    if (origin !== undefined) return ok(`from ${origin}`);
    return fail(`the metadata has no Access-Control-Allow-Origin for ${PAGE}`, CORS_OFF);
  },
});

export const corsChecks = [preflight, exposed, metadata];

function preflightFor(method: string, headers: readonly string[]) {
  return {
    method: "OPTIONS",
    headers: {
      origin: PAGE,
      "access-control-request-method": method,
      "access-control-request-headers": headers.join(","),
    },
  };
}

/** Fetch standard, CORS-preflight fetch: GET and POST need not be listed, and `*` does not include Authorization. */
function refusedPreflight(answer: Answer, wanted: readonly string[]): Finding<"fail"> | undefined {
  const { status } = answer;
  if (status < 200 || status > 299) return fail(`a preflight is answered ${status}`, CORS_OFF);
  if (allowedOrigin(answer) === undefined) {
    return fail(`a preflight has no Access-Control-Allow-Origin for ${PAGE}`, CORS_OFF);
  }
  const allowed = listed(answer, "access-control-allow-headers");
  const refused = wanted.filter(
    (name) => !allowed.includes(name) && (name === "authorization" || !allowed.includes("*")),
  );
  if (refused.length === 0) return undefined;
  return fail(`browsers may not send ${refused.join(", ")}`, CORS_OFF);
}

/**
 * The origin whose pages may read the answer, as text for people. If it differs from the requested one, that is the
 * operator's choice.
 */
function allowedOrigin({ headers }: Answer): string | undefined {
  const origin = headers.get("access-control-allow-origin");
  return origin === "*" ? "any origin" : (origin ?? undefined);
}

function listed({ headers }: Answer, name: string): string[] {
  return (headers.get(name) ?? "").toLowerCase().split(/\s*,\s*/);
}
