/** Checks Clerk as a client sees it: its metadata (RFC 8414), at Clerk and at the server. */
import { isDeepStrictEqual } from "node:util";
import { FRONTEND_API_URL } from "../../../options/dashboard.js";
import { AUTHORIZATION_SERVER_METADATA_PATH } from "../../../response/authorization-server-metadata.js";
import { isSafeURL } from "../../../runtime/loopback.js";
import { orUnanswered, Unanswered } from "../ask.js";
import { type AuthorizationServerMetadata, check, fail, type Known, ok, skipped, warn } from "../check.js";
import { signingKeysIn } from "../wire.js";
import { outage } from "./outage.js";
import { WAITS_FOR_STAND_IN } from "./stand-in.js";

const NOT_CLERK = `${FRONTEND_API_URL}: copy it again into CLERK_DOMAIN, and restart the server.`;

const metadata = check({
  id: "clerk",
  title: "Clerk's metadata",
  needs: ["issuer"],
  can: ["fail", "skipped"],
  async run({ ask, known }) {
    const { issuer = "" } = known;
    if (known.isStandInAway) return skipped(WAITS_FOR_STAND_IN);
    const answer = await orUnanswered(ask(`${issuer}${AUTHORIZATION_SERVER_METADATA_PATH}`));
    const away = outage(issuer, answer);
    if (away !== undefined) return away;
    if (answer instanceof Unanswered) {
      return fail(answer.message, `${NOT_CLERK} If it is right: https://status.clerk.com`);
    }
    const found = (answer.json ?? {}) as Partial<AuthorizationServerMetadata>;
    const { authorization_endpoint, token_endpoint } = found;
    if (answer.status !== 200 || !isSafeURL(authorization_endpoint) || !isSafeURL(token_endpoint)) {
      return fail(`${answer.url} is not Clerk's metadata (${answer.status})`, NOT_CLERK);
    }
    known.authorizationServer = {
      metadata: { ...found, authorization_endpoint, token_endpoint },
      answer,
    };
    return ok(answer.url);
  },
});

/** @throws if the check `clerk` has not run. */
export function metadataOf({ authorizationServer }: Known): AuthorizationServerMetadata {
  if (authorizationServer === undefined) throw new Error("Clerk's metadata has not been read");
  return authorizationServer.metadata;
}

const issuer = check({
  id: "clerk.issuer",
  title: "Clerk's issuer",
  needs: ["clerk"],
  can: ["fail"],
  run({ known }) {
    const { issuer: named } = metadataOf(known);
    if (named === known.issuer) return ok(known.issuer ?? "");
    const shown = typeof named === "string" ? named : "nothing";
    const fix = `Set CLERK_DOMAIN=${shown}, character for character, and restart the server. Clients compare the two.`;
    return fail(`Clerk's issuer is ${shown}, but the server uses ${known.issuer}`, fix);
  },
});

const relay = check({
  id: "relay",
  title: "Clerk's metadata at the server",
  needs: ["clerk.issuer"],
  can: ["warn", "fail"],
  async run({ ask, url, known }) {
    const answer = await ask(`${new URL(url).origin}${AUTHORIZATION_SERVER_METADATA_PATH}`);
    if (answer.status === 503) {
      const fix =
        "The server cannot reach Clerk, but this machine can: check its proxy and firewall settings.";
      return fail(`${answer.url} is not available (503)`, fix);
    }
    const { issuer: named } = (answer.json ?? {}) as { issuer?: unknown };
    if (answer.status !== 200 || named !== known.issuer) {
      const fix =
        "Let the proxy forward /.well-known/oauth-authorization-server to the server, for older clients.";
      return fail(`${answer.url} is not Clerk's metadata (${answer.status})`, fix);
    }
    if (isDeepStrictEqual(answer.json, known.authorizationServer?.answer.json)) return ok("unchanged");
    const fix = "The server caches it for five minutes: wait, or restart it.";
    return warn("It is older than Clerk's own.", fix);
  },
});

const keys = check({
  id: "clerk.keys",
  title: "Clerk's signing keys",
  needs: ["clerk"],
  can: ["fail"],
  async run({ ask, known }) {
    const { jwks_uri: place } = metadataOf(known);
    if (!isSafeURL(place)) return fail("its metadata has no jwks_uri", NOT_CLERK);
    const answer = await ask(place);
    const { length } = signingKeysIn(answer);
    if (length > 0) return ok(`${length} at ${place}`);
    const away = outage(known.issuer ?? place, answer);
    if (away !== undefined) return away;
    return fail(
      `${place} has no signing key (${answer.status})`,
      `${NOT_CLERK} If it is right: https://status.clerk.com`,
    );
  },
});

const pkce = check({
  id: "pkce",
  title: "PKCE with S256",
  needs: ["clerk"],
  can: ["fail"],
  run({ known }) {
    const methods = metadataOf(known).code_challenge_methods_supported;
    if (Array.isArray(methods) && methods.includes("S256")) return ok("S256");
    return fail(
      "S256 is not among its code_challenge_methods_supported: clients refuse to sign in",
      NOT_CLERK,
    );
  },
});

export const authorizationServerChecks = [metadata, issuer, relay, keys, pkce];
