/** Checks the environment: the format of every value, and whether the values are consistent. */
import { calculateJwkThumbprint, exportJWK, importSPKI, type JWK } from "jose";
import { ClerkConfigError, type ConfigProblem } from "../../../errors/config-error.js";
import {
  FRONTEND_API_URL,
  JWKS_PUBLIC_KEY,
  PUBLISHABLE_KEYS,
  SECRET_KEYS,
} from "../../../options/dashboard.js";
import { ENVIRONMENT_NAMES, PUBLISHABLE_KEY } from "../../../options/environment-variables.js";
import { frontendApiHost } from "../../../options/publishable-key.js";
import { readSettings, type Settings } from "../../../options/settings.js";
import { isLoopback } from "../../../runtime/loopback.js";
import { variable } from "../../../runtime/platform.js";
import { ALGORITHM } from "../../../verification/signing-keys.js";
import { orUnanswered, Unanswered } from "../ask.js";
import { check, fail, type Known, ok, skipped, warn } from "../check.js";
import { signingKeysIn } from "../wire.js";
import { outage } from "./outage.js";
import { isStandIn, issuerOf, WAITS_FOR_STAND_IN } from "./stand-in.js";

const NAMES = [...Object.values(ENVIRONMENT_NAMES), PUBLISHABLE_KEY];

/** xmcp's default port. */
const DEFAULT_PORT = 3001;

const values = check({
  id: "environment",
  title: "Environment",
  needs: [],
  can: ["fail", "skipped"],
  async run({ environment, url, isUrlGiven, known, ask }) {
    const set = NAMES.filter((name) => variable(environment, name) !== undefined);
    // The server runs elsewhere, with its own environment; its answers can still be checked.
    if (isUrlGiven && set.length === 0) return skipped("nothing is set here; only --url is checked");
    if (set.every((name) => name === ENVIRONMENT_NAMES.baseURL)) {
      const issuer = await issuerOf(url, ask);
      if (issuer === "nowhere") return skipped("nothing is set here, and no server is running");
      if (issuer !== undefined && isStandIn(issuer)) {
        return skipped(`nothing is set here; the server uses the local Clerk at ${issuer}`);
      }
    }
    try {
      known.settings = readSettings(isUrlGiven ? { endpoint: new URL(url).pathname } : {}, environment);
      return ok(set.join(", "));
    } catch (error) {
      if (!(error instanceof ClerkConfigError)) throw error;
      const { problems } = error;
      const detail = problems.map((problem) => `${nameOf(problem)} ${STATE[problem.kind]}`).join(", ");
      const fixes = problems.map((problem) => `${nameOf(problem)}: ${problem.fix}`);
      const outside = isUrlGiven ? "" : "\nFor a server that does not use .env: --url <mcp url>";
      return fail(detail, `Set in .env, and restart the server:\n${fixes.join("\n")}${outside}`);
    }
  },
});

const STATE = { missing: "is missing", invalid: "cannot be right" } as const;

function nameOf({ environment, option }: ConfigProblem): string {
  return environment ?? option;
}

const port = check({
  id: "environment.port",
  title: "BASE_URL and PORT",
  needs: ["environment"],
  can: ["warn", "fail"],
  run({ environment, known }) {
    const { baseURL } = settingsOf(known);
    const { protocol, hostname, port: written } = new URL(baseURL);
    const set = variable(environment, "PORT");
    if (set !== undefined && !(/^\d{1,5}$/.test(set) && Number(set) <= 65_535)) {
      return fail("PORT is not a port", "Set PORT to a number from 1 to 65535, or remove it to use 3001.");
    }
    if (protocol !== "http:" || !isLoopback(hostname)) return ok("behind a proxy they may differ");
    const named = Number(written || 80);
    if (Number(set ?? DEFAULT_PORT) === named) return ok(`port ${named}`);
    if (set === undefined) {
      const fix = `Set PORT=${named}, unless http.port in xmcp.config.ts is ${named}.`;
      return warn(`BASE_URL names port ${named}, and PORT is not set: the default is 3001.`, fix);
    }
    const fix = `Set PORT=${named}, or BASE_URL=${protocol}//${hostname}:${set}, and restart the server.`;
    return fail(`BASE_URL names port ${named}, but the server listens on ${set}`, fix);
  },
});

const address = check({
  id: "environment.url",
  title: "BASE_URL and the address used",
  needs: ["environment"],
  can: ["fail"],
  run({ url, known }) {
    const { resource } = settingsOf(known);
    if (resource === url) return ok(url);
    const fix = `Use ${resource} in the client, or set BASE_URL=${new URL(url).origin} and restart. To a client, localhost and 127.0.0.1 are different servers, as is a trailing slash.`;
    return fail(`the server's URL is ${resource}, but the client uses ${url}`, fix);
  },
});

const publishableKey = check({
  id: "environment.publishable-key",
  title: "Publishable key",
  needs: ["environment"],
  can: ["fail", "skipped"],
  run({ environment, known }) {
    const { issuer, secretKey } = settingsOf(known);
    const key = variable(environment, PUBLISHABLE_KEY);
    if (key === undefined) return skipped(`${PUBLISHABLE_KEY} is not set, and not needed`);
    const again = `${PUBLISHABLE_KEYS}: copy it again into ${PUBLISHABLE_KEY}, or remove it.`;
    const host = frontendApiHost(key);
    if (host === undefined) return fail(`${PUBLISHABLE_KEY} is not a publishable key`, again);
    const { host: domain } = new URL(issuer);
    if (host !== domain) return fail(`it is for ${host}, but CLERK_DOMAIN is ${domain}`, again);
    if (key.startsWith("pk_live_") !== secretKey.startsWith("sk_live_")) {
      return fail(
        "it belongs to a different instance than CLERK_SECRET_KEY: one is a test key, one is live",
        again,
      );
    }
    return ok(`for ${host}`);
  },
});

const domain = check({
  id: "environment.domain",
  title: "CLERK_DOMAIN",
  needs: ["environment"],
  can: ["fail"],
  async run({ ask, known }) {
    const { issuer } = settingsOf(known);
    const fix = `${FRONTEND_API_URL}: copy it again into CLERK_DOMAIN. If it is right, this machine cannot reach it.`;
    const answer = await orUnanswered(ask(`${issuer}/.well-known/jwks.json`));
    const away = outage(issuer, answer);
    if (away !== undefined) {
      known.isStandInAway = isStandIn(issuer);
      return away;
    }
    if (answer instanceof Unanswered) return fail(answer.message, fix);
    const keys = signingKeysIn(answer);
    if (keys.length === 0) return fail(`${answer.url} has no signing key (${answer.status})`, fix);
    known.domainKeys = keys;
    return ok(`${issuer}, ${keys.length} signing key${keys.length === 1 ? "" : "s"}`);
  },
});

const secretKey = check({
  id: "environment.secret-key",
  title: "Secret key",
  needs: ["environment"],
  can: ["warn", "fail", "skipped"],
  async run({ ask, known }) {
    const settings = settingsOf(known);
    if (known.isStandInAway && settings.apiUrl === settings.issuer) return skipped(WAITS_FOR_STAND_IN);
    // This call has no rate limit at Clerk, and identifies the key's instance.
    const answer = await orUnanswered(
      ask(`${settings.apiUrl}/v1/jwks`, { headers: { authorization: `Bearer ${settings.secretKey}` } }),
    );
    const reachable =
      "Remove CLERK_API_URL unless you use another API than Clerk's. If it is right, this machine cannot reach it, or Clerk is down: https://status.clerk.com";
    if (answer instanceof Unanswered) return fail(answer.message, reachable);
    const { status } = answer;
    const away = outage(settings.apiUrl, answer);
    if (away !== undefined && status === 429) return warn("Clerk limits requests (429).", away.fix);
    if (away !== undefined) return away;
    if (status === 401 || status === 403) {
      const fix = `${SECRET_KEYS}: copy the key again into CLERK_SECRET_KEY, and restart the server.`;
      return fail(`Clerk does not accept it (${status})`, fix);
    }
    const keys = signingKeysIn(answer);
    if (status !== 200 || keys.length === 0) {
      return fail(`${settings.apiUrl} does not respond like Clerk's Backend API (${status})`, reachable);
    }
    known.secretKeyKeys = keys;
    return ok(`at ${settings.apiUrl}`);
  },
});

const instance = check({
  id: "environment.instance",
  title: "Secret key and domain together",
  needs: ["environment.domain", "environment.secret-key"],
  can: ["fail", "skipped"],
  async run({ known }) {
    if (known.secretKeyKeys === undefined) return skipped("Clerk limits requests");
    const ofDomain = await thumbprints(known.domainKeys ?? []);
    const ofSecretKey = await thumbprints(known.secretKeyKeys);
    if (ofSecretKey.some((key) => ofDomain.includes(key))) return ok("they share a signing key");
    return fail(
      "CLERK_SECRET_KEY and CLERK_DOMAIN belong to two instances",
      `Copy both from the same application and the same instance, Development or Production: ${SECRET_KEYS}, and ${FRONTEND_API_URL}.`,
    );
  },
});

const jwtKey = check({
  id: "environment.jwt-key",
  title: "CLERK_JWT_KEY",
  needs: ["environment.domain"],
  can: ["fail", "skipped"],
  async run({ known }) {
    const { jwtKey: pem } = settingsOf(known);
    if (pem === undefined) return skipped("not set: keys are fetched from Clerk");
    const again = `${JWKS_PUBLIC_KEY}: copy it again into CLERK_JWT_KEY, or remove it: then keys are fetched, and a rotation is noticed.`;
    const [pinned] = await thumbprints(await jwkOf(pem));
    if (pinned === undefined) return fail("it is not an RSA public key", again);
    const published = await thumbprints(known.domainKeys ?? []);
    if (published.includes(pinned)) return ok("one of the instance's keys");
    return fail("it is not one of the instance's keys: every token is refused", again);
  },
});

export const environmentChecks = [values, port, address, publishableKey, domain, secretKey, instance, jwtKey];

function settingsOf({ settings }: Known): Settings {
  if (settings === undefined) throw new Error("the environment has not been read");
  return settings;
}

async function jwkOf(pem: string): Promise<JWK[]> {
  try {
    return [await exportJWK(await importSPKI(pem, ALGORITHM, { extractable: true }))];
  } catch {
    return [];
  }
}

/** RFC 7638: equal for the same key, regardless of its other members. */
function thumbprints(keys: readonly JWK[]): Promise<string[]> {
  return Promise.all(keys.map((key) => calculateJwkThumbprint(key)));
}
