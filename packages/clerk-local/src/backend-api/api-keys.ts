/** `/api_keys`: keys that act for a user or an organization. */
import { z } from "zod";
import type { ApiKeyChanges, ApiKeyRecord } from "../machines/api-keys.js";
import { isSubject } from "../machines/subject.js";
import { apiKeyResource } from "./machine-resources.js";
import { bodyOf, flag, listQuery } from "./parameters.js";
import type { BackendApiParts } from "./parts.js";
import { badRequest, missing, notFound } from "./refusals.js";
import type { Route } from "./route.js";

const text = z.string();
const lifetime = z.number().positive().nullable();
const claims = z.record(text, z.unknown()).nullable();

const creation = z.strictObject({
  type: z.literal("api_key").optional(),
  name: text.min(3).regex(/^\S(.*\S)?$/),
  description: text.max(255).nullable().default(null),
  subject: text,
  claims: claims.default(null),
  scopes: z.array(text).default([]),
  created_by: text.nullable().default(null),
  seconds_until_expiration: lifetime.default(null),
});

const change = z
  .strictObject({
    claims,
    scopes: z.array(text),
    description: text.max(255).nullable(),
    subject: text,
    seconds_until_expiration: lifetime,
  })
  .partial();

const revocation = z.strictObject({ revocation_reason: text.nullable().default(null) });
const verification = z.strictObject({ secret: text });

export function apiKeyRoutes({ directory, apiKeys, profile }: BackendApiParts): Route[] {
  const resource = (key: ApiKeyRecord) => apiKeyResource(key, apiKeys.isExpired(key));
  const keyOf = (id: string) => apiKeys.byId(id) ?? missing("API key", id);
  const checkSubject = (id: string) => {
    if (!isSubject(directory, id)) throw badRequest("subject", `there is no user or organization ${id}`);
  };

  return [
    [
      "POST",
      /^\/api_keys$/,
      async (_id, exchange) => {
        const body = await bodyOf(creation, exchange);
        checkSubject(body.subject);
        const key = apiKeys.create({
          name: body.name,
          description: body.description,
          subject: body.subject,
          claims: body.claims,
          scopes: body.scopes,
          createdBy: body.created_by,
          expiresIn: body.seconds_until_expiration,
        });
        return { ...resource(key), secret: key.secret };
      },
    ],
    [
      "GET",
      /^\/api_keys$/,
      (_id, exchange) => {
        const query = listQuery(
          {
            subject: text,
            include_invalid: flag,
            type: z.literal("api_key").optional(),
            query: text.optional(),
          },
          exchange,
        );
        if (!isSubject(directory, query.subject)) missing("user or organization", query.subject);
        const all = apiKeys
          .list()
          .filter((key) => key.subject === query.subject)
          .filter((key) => key.name.toLowerCase().includes(query.query?.toLowerCase() ?? ""))
          .filter((key) => query.include_invalid || !(key.revoked || apiKeys.isExpired(key)));
        return {
          data: all.slice(query.offset, query.offset + query.limit).map(resource),
          total_count: all.length,
        };
      },
    ],
    ["GET", /^\/api_keys\/([^/]+)$/, (id) => resource(keyOf(id))],
    [
      "PATCH",
      /^\/api_keys\/([^/]+)$/,
      async (id, exchange) => {
        const key = keyOf(id);
        const body = await bodyOf(change, exchange);
        if (body.subject !== undefined) checkSubject(body.subject);
        const { seconds_until_expiration: life, ...others } = body;
        apiKeys.update(key, {
          // Parsed JSON has no undefined members.
          ...(others as ApiKeyChanges),
          ...(life !== undefined && { expiration: apiKeys.expirationIn(life) }),
        });
        return resource(key);
      },
    ],
    [
      "DELETE",
      /^\/api_keys\/([^/]+)$/,
      (id) => {
        apiKeys.delete(keyOf(id));
        return { object: "api_key", id, deleted: true };
      },
    ],
    [
      "POST",
      /^\/api_keys\/([^/]+)\/revoke$/,
      async (id, exchange) => {
        const key = keyOf(id);
        apiKeys.revoke(key, (await bodyOf(revocation, exchange)).revocation_reason);
        return resource(key);
      },
    ],
    ["GET", /^\/api_keys\/([^/]+)\/secret$/, (id) => ({ secret: keyOf(id).secret })],
    [
      "POST",
      /^\/api_keys\/verify$/,
      async (_id, exchange) => {
        const { secret } = await bodyOf(verification, exchange);
        const key = apiKeys.bySecret(secret);
        const isInvalid = !key || key.revoked || apiKeys.isExpired(key);
        if (!key || (isInvalid && profile.revokedAnswer === "not-found"))
          throw notFound("API key not found.");
        if (!isInvalid) apiKeys.used(key);
        return resource(key);
      },
    ],
  ];
}
