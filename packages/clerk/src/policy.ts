import type { Settings } from "./configuration/settings.js";
import { Refusal } from "./refusal.js";
import type { AccessToken } from "./verification/access-token.js";

/** Refuses a token that lacks a scope which every call needs. The challenge then names all of them (step-up). */
export function requireScopes({ scopes }: AccessToken, settings: Settings): void {
  if (settings.requiredScopes.every((needed) => scopes.includes(needed))) return;
  throw new Refusal("scope_insufficient", { scopes: settings.scopes });
}
