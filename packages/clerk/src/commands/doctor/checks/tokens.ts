/** Checks the properties of Clerk's access token. */
import { decodeJwt, decodeProtectedHeader } from "jose";
import { AUDIENCE_ON, JWT_ON } from "../../../options/dashboard.js";
import { check, fail, type Known, ok, type ReceivedToken, skipped, warn } from "../check.js";
import { SET_CLOCK, serverClock } from "./clock.js";

export function receivedToken(value: string, receivedAt: number): ReceivedToken {
  return { value, receivedAt, jwt: decoded(value) };
}

function decoded(value: string): ReceivedToken["jwt"] {
  try {
    return { header: { ...decodeProtectedHeader(value) }, claims: decodeJwt(value) };
  } catch {
    return undefined;
  }
}

function tokenOf({ token }: Known): ReceivedToken {
  if (token === undefined) throw new Error("there is no token");
  return token;
}

const format = check({
  id: "token.format",
  title: "Token format",
  needs: ["sign-in.token"],
  can: ["warn", "fail"],
  run({ known }) {
    const { jwt } = tokenOf(known);
    if (jwt === undefined) return warn("It is opaque: each one costs a call to Clerk per minute.", JWT_ON);
    const { typ, alg } = jwt.header;
    if (typ === "at+jwt" && alg === "RS256") return ok("verified locally");
    const fix = `${JWT_ON}. Do not use a custom JWT template for access tokens.`;
    return fail(`its header has typ ${typ ?? "nothing"}, alg ${alg}: the server requires at+jwt, RS256`, fix);
  },
});

const audience = check({
  id: "token.audience",
  title: "Token audience",
  needs: ["sign-in.token"],
  can: ["warn", "fail", "skipped"],
  run({ url, known }) {
    const { jwt } = tokenOf(known);
    if (jwt === undefined) return skipped("an opaque token does not show it");
    const { aud } = jwt.claims;
    if (aud === undefined && known.settings?.audience === "required") {
      return fail("it has no audience, so the server refuses it", AUDIENCE_ON);
    }
    if (aud === undefined) return warn("It has no audience: other servers could accept it too.", AUDIENCE_ON);
    if ([aud].flat().includes(url)) return ok(url);
    const fix = `Set BASE_URL=${new URL(url).origin}, and use ${url} in the client: the audience is the URL that the client requested.`;
    return fail(`it is for ${[aud].flat().join(", ")}`, fix);
  },
});

const issuer = check({
  id: "token.issuer",
  title: "Token issuer",
  needs: ["sign-in.token"],
  can: ["fail", "skipped"],
  run({ known }) {
    const { jwt } = tokenOf(known);
    if (jwt === undefined) return skipped("an opaque token does not show it");
    const { iss } = jwt.claims;
    if (iss === known.issuer) return ok(String(iss));
    const fix = `Set CLERK_DOMAIN=${iss}, character for character, and restart the server.`;
    return fail(`its issuer is ${iss}, not ${known.issuer}: the server refuses it`, fix);
  },
});

const times = check({
  id: "token.times",
  title: "Token lifetime",
  needs: ["sign-in.token"],
  can: ["fail", "skipped"],
  run({ known }) {
    const { jwt, receivedAt } = tokenOf(known);
    if (jwt === undefined) return skipped("an opaque token does not show it");
    const { iat, exp } = jwt.claims;
    if (typeof iat !== "number" || typeof exp !== "number") {
      return fail(
        "it lacks iat or exp: the server refuses it",
        "Do not use a custom JWT template for access tokens.",
      );
    }
    const { now, tolerance } = serverClock(known, receivedAt);
    if (iat > now + tolerance) {
      return fail(`it is from the future, by ${Math.round(iat - now)} s: the server refuses it`, SET_CLOCK);
    }
    if (exp < now - tolerance) return fail("it has expired already: the server refuses it", SET_CLOCK);
    return ok(`for ${duration(exp - now)}`);
  },
});

function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

export const tokenChecks = [format, audience, issuer, times];
