/** The scopes that clients are told to ask for, against those that Clerk gives. */

import { scopeWords } from "../challenge-field.js";
import { check, fail, ok, warn } from "../check.js";
import { metadataOf } from "./authorization-server.js";

/** Why each of these should not be advertised, although Clerk has it. */
const UNWISE: ReadonlyMap<string, string> = new Map([
  ["openid", "Clerk refuses it (invalid_scope) to clients that register without naming scopes"],
  ["offline_access", "clients add it by themselves if they want it"],
]);

export const scopes = check({
  id: "scopes",
  title: "Clerk gives the scopes asked for",
  needs: ["metadata", "clerk"],
  can: ["warn", "fail"],
  run({ known }) {
    const inMetadata: unknown = known.resourceMetadata?.scopes_supported;
    const asked = new Set([
      ...scopeWords(known.challenge?.parameters.get("scope")),
      ...(Array.isArray(inMetadata) ? inMetadata.filter((scope) => typeof scope === "string") : []),
    ]);
    const supported = metadataOf(known).scopes_supported;
    const unknown = [...asked].filter((scope) => Array.isArray(supported) && !supported.includes(scope));
    if (unknown.length > 0) {
      const fix =
        "Take it out of scopes and requiredScopes in src/middleware.ts, or add it in Clerk Dashboard → OAuth applications → Scopes and advertise it.";
      return fail(`Clerk does not have ${unknown.join(", ")}: it answers invalid_scope`, fix);
    }
    const unwise = [...asked].flatMap((scope) =>
      UNWISE.has(scope) ? [`${scope}: ${UNWISE.get(scope)}`] : [],
    );
    if (unwise.length > 0) {
      const fix = "Advertise profile and email, and what your tools need: scopes in src/middleware.ts.";
      return warn(`${unwise.join("; ")}.`, fix);
    }
    return ok([...asked].join(" ") || "none");
  },
});
