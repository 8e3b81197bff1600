/** `/sign_in_tokens`: they can be made and revoked. The sign-in page takes none: it asks for no proof anyway. */
import { z } from "zod";
import { Refused } from "../http/clerk-error.js";
import { newId, randomText } from "../ids.js";
import type { Payload } from "../state/records.js";
import { optionalText, text } from "./fields.js";
import { formOf } from "./parameters.js";
import type { BackendApiParts } from "./parts.js";
import { missing, notFound } from "./refusals.js";
import type { Route } from "./route.js";

const KIND = "SignInToken";

const creation = z.strictObject({
  user_id: text,
  org_id: optionalText,
  expires_in_seconds: z.int().min(1).max(315_360_000).nullable().optional(),
});

export function signInTokenRoutes({ directory, store, clock }: BackendApiParts): Route[] {
  return [
    [
      "POST",
      /^\/sign_in_tokens$/,
      async (_id, exchange) => {
        const form = await formOf(creation, exchange);
        const { id: userId } = directory.userById(form.user_id) ?? missing("user", form.user_id);
        if (typeof form.org_id === "string" && !directory.memberships.get(form.org_id, userId)) {
          throw notFound("Given organization membership not found.");
        }
        const id = newId("sit");
        const payload = {
          object: "sign_in_token",
          id,
          status: "pending",
          user_id: userId,
          url: null,
          created_at: clock.now(),
          updated_at: clock.now(),
        };
        const lifetime = form.expires_in_seconds ?? 30 * 86_400;
        store.put(KIND, id, { payload, expiresAt: clock.seconds() + lifetime });
        return { ...payload, token: randomText(64) };
      },
    ],
    [
      "POST",
      /^\/sign_in_tokens\/([^/]+)\/revoke$/,
      (id) => {
        const token = store.get(KIND, id) ?? missing("sign-in token", id);
        if (token.status !== "pending") throw cannotBeRevoked(token);
        store.update(KIND, id, { status: "revoked", updated_at: clock.now() });
        return token;
      },
    ],
  ];
}

function cannotBeRevoked({ status }: Payload): Refused {
  return new Refused({
    status: 400,
    code: "sign_in_token_cannot_be_revoked_code",
    message: "cannot revoke",
    longMessage: `Sign in token cannot be revoked because its status is ${status}. Only pending tokens can be revoked.`,
  });
}
