import type { ClerkFailure } from "../errors/clerk-failure.js";
import type { DenyReason } from "../errors/refusal.js";

/** Something that a caller lacks for a rule. */
export type Shortfall =
  /** A sign-in with these scopes would help. */
  | { readonly kind: "scopes"; readonly reason: StepUpReason; readonly scopes: readonly string[] }
  /** No scope would help. `need` is what is needed, for a person. */
  | { readonly kind: "denied"; readonly reason: DenyReason; readonly need: string }
  /** Clerk would have to be asked, and cannot be. */
  | { readonly kind: "unknown"; readonly failure: ClerkFailure };

export type StepUpReason = Extract<DenyReason, "scope_insufficient" | "organization_missing">;
