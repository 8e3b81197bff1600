/** Every check, in the order of a client's requests. */

import type { Check } from "../check.js";
import { authorizationServerChecks, registration, scopes } from "./authorization-server.js";
import { clock } from "./clock.js";
import { corsChecks } from "./cors.js";
import { environmentChecks } from "./environment.js";
import { challengeChecks } from "./first-answer.js";
import { resourceMetadataChecks } from "./resource-metadata.js";
import { signInChecks } from "./sign-in.js";
import { tokenChecks } from "./tokens.js";
import { toolChecks } from "./tools.js";

export const checks: readonly Check[] = [
  ...environmentChecks,
  ...challengeChecks,
  ...resourceMetadataChecks,
  ...authorizationServerChecks,
  registration,
  scopes,
  clock,
  ...corsChecks,
  ...signInChecks,
  ...tokenChecks,
  ...toolChecks,
];
