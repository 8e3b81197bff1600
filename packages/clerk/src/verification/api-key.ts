import type { ClerkBackend } from "../clerk/backend.js";
import { Refusal } from "../errors/refusal.js";
import { isOrganizationId, isUserId } from "../identity.js";
import type { AskClerk } from "./opaque-cache.js";
import { refuseRejected, verificationAnswer } from "./verification-answer.js";

const API_KEY = /^ak_[A-Za-z0-9_-]{16,256}$/;

export function isApiKey(token: string): boolean {
  return API_KEY.test(token);
}

/** Verifies an API key of a user or an organization with Clerk's Backend API. */
export function apiKeyVerifier(backend: ClerkBackend): AskClerk {
  return async (secret, isKnown) => {
    const answer = await backend
      .call("token verification", (client) => client.apiKeys.verify(secret), { retry: true, isKnown })
      .catch(refuseRejected);
    const described = verificationAnswer(withoutSecret(answer), { mayNeverExpire: true });
    const { subject, tokenId } = described;
    if (typeof subject !== "string" || !(isUserId(subject) || isOrganizationId(subject)))
      throw new Refusal("claims_invalid");
    return {
      ...described,
      caller: "api_key",
      subject,
      clientId: tokenId,
      organizationId: isOrganizationId(subject) ? subject : undefined,
    };
  };
}

/** Removes the secret: the answer becomes the session's `claims`, which tools may print. */
function withoutSecret(answer: unknown): unknown {
  return typeof answer === "object" && answer !== null ? { ...answer, secret: undefined } : answer;
}
