/** `/m2m_tokens`: for the instance, and for machines with their own secret key. */
import { z } from "zod";
import { Refused } from "../http/clerk-error.js";
import type { M2MTokenRecord } from "../machines/m2m-tokens.js";
import { type Caller, callingMachine } from "./caller.js";
import { m2mTokenResource } from "./machine-resources.js";
import { bodyOf, flag, listQuery } from "./parameters.js";
import type { BackendApiParts } from "./parts.js";
import { badRequest, missing, notFound } from "./refusals.js";
import type { Route } from "./route.js";

const text = z.string();

const creation = z.strictObject({
  token_format: z.enum(["opaque", "jwt"]).default("opaque"),
  seconds_until_expiration: z.number().positive().nullable().default(null),
  claims: z.record(text, z.unknown()).nullable().default(null),
  min_remaining_ttl_seconds: z.int().min(0).optional(),
});

const revocation = z.strictObject({ revocation_reason: text.nullable().default(null) });
const verification = z.strictObject({ token: text });

export function m2mTokenRoutes({ machines, m2mTokens, profile }: BackendApiParts): Route[] {
  const resource = (token: M2MTokenRecord) => m2mTokenResource(token, m2mTokens.isExpired(token));

  return [
    [
      "POST",
      /^\/m2m_tokens$/,
      async (_id, exchange, caller) => {
        const machine = callingMachine(caller);
        const body = await bodyOf(creation, exchange);
        const life = body.seconds_until_expiration ?? machine.defaultTokenTtlSeconds;
        if ((body.min_remaining_ttl_seconds ?? 0) >= life) {
          throw badRequest("min_remaining_ttl_seconds", "must be less than the life of the token");
        }
        const { record, token } = await m2mTokens.create(machine, {
          format: body.token_format,
          expiresIn: life,
          claims: body.claims,
        });
        return { ...resource(record), token };
      },
      201,
    ],
    [
      "GET",
      /^\/m2m_tokens$/,
      (_id, exchange, caller) => {
        const query = listQuery({ subject: text, revoked: flag, expired: flag }, exchange);
        if (!isOf(caller, query.subject)) {
          throw new Refused({
            status: 403,
            code: "authorization_invalid",
            message: "not authorized",
            longMessage: "A machine can list its own tokens only.",
          });
        }
        if (!machines.byId(query.subject)) missing("machine", query.subject);
        const all = m2mTokens
          .listOf(query.subject)
          .filter((token) => query.revoked || !token.revoked)
          .filter((token) => query.expired || !m2mTokens.isExpired(token));
        return {
          m2m_tokens: all.slice(query.offset, query.offset + query.limit).map(resource),
          total_count: all.length,
        };
      },
    ],
    [
      "POST",
      /^\/m2m_tokens\/([^/]+)\/revoke$/,
      async (id, exchange, caller) => {
        const token = m2mTokens.byId(id);
        if (!token || !isOf(caller, token.subject)) missing("M2M token", id);
        m2mTokens.revoke(token, (await bodyOf(revocation, exchange)).revocation_reason);
        return resource(token);
      },
    ],
    [
      "POST",
      /^\/m2m_tokens\/verify$/,
      async (_id, exchange, caller) => {
        const token = m2mTokens.byToken((await bodyOf(verification, exchange)).token);
        const isInvalid = !token || token.revoked || m2mTokens.isExpired(token);
        if (!token || !isFor(caller, token) || (isInvalid && profile.revokedAnswer === "not-found")) {
          throw notFound("M2M token not found.");
        }
        if (!isInvalid) m2mTokens.used(token);
        return resource(token);
      },
    ],
  ];
}

/** Whether the caller may list and revoke the tokens of machine `subject`. */
function isOf(caller: Caller, subject: string): boolean {
  return caller.kind === "instance" || caller.machine.id === subject;
}

/** Whether the caller may accept a token. */
function isFor(caller: Caller, { scopes }: M2MTokenRecord): boolean {
  return caller.kind === "instance" || scopes.includes(caller.machine.id);
}
