/**
 * ID tokens come from oidc-provider, which reads the clock of the process and knows no organizations. This module
 * converts them to the local Clerk's clock and adds the organization.
 */
import { decodeJwt } from "jose";
import type { Clock } from "../clock.js";
import { writeJws } from "../tokens/jws.js";
import type { SigningKey } from "../tokens/keys.js";

export function reissueIdToken(
  idToken: string,
  organizationId: string | undefined,
  key: SigningKey,
  clock: Clock,
): Promise<string> {
  const claims = decodeJwt(idToken);
  return writeJws(
    { alg: "RS256", typ: "JWT", kid: key.kid },
    {
      ...claims,
      iat: Number(claims.iat) + clock.offsetSeconds,
      exp: Number(claims.exp) + clock.offsetSeconds,
      ...(organizationId !== undefined && { org_id: organizationId }),
    },
    { algorithm: "RS256", key: key.privateKey },
  );
}
