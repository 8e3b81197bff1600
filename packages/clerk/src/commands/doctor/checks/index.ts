/** Every check, in the order of a client's requests. */

import type { Check } from "../check.js";
import { authorizationServerChecks } from "./authorization-server.js";
import { clock } from "./clock.js";
import { corsChecks } from "./cors.js";
import { environmentChecks } from "./environment.js";
import { challengeChecks } from "./first-answer.js";
import { oauthSettings } from "./oauth-settings.js";
import { resourceMetadataChecks } from "./resource-metadata.js";
import { signInChecks } from "./sign-in.js";
import { tokenChecks } from "./tokens.js";
import { toolChecks } from "./tools.js";
import { registration, scopes } from "./ways-in.js";

export const checks: readonly Check[] = [
  ...environmentChecks,
  ...challengeChecks,
  ...resourceMetadataChecks,
  ...authorizationServerChecks,
  oauthSettings,
  registration,
  scopes,
  clock,
  ...corsChecks,
  ...signInChecks,
  ...tokenChecks,
  ...toolChecks,
];
