export type { ClerkClient, User } from "@clerk/backend";
export type {
  Access,
  AccessOptions,
  AccessRule,
  AccessRules,
  ListPolicy,
  MetadataValue,
  OneOf,
} from "./access/rules.js";
export { AccessDenied } from "./access-denied.js";
export { ClerkFailure, type ClerkFailureKind } from "./clerk/failure.js";
export { clerkProvider } from "./clerk-provider.js";
export { ClerkConfigError, type ConfigProblem } from "./configuration/config-error.js";
export type {
  AudiencePolicy,
  ClerkProviderOptions,
  FailedAttemptsLimit,
  RedactArguments,
} from "./configuration/options.js";
export type {
  ClerkCall,
  ClerkEvent,
  ClerkHealthEvent,
  DenyEvent,
  EventCaller,
  EventSink,
  GrantEvent,
  ToolEvent,
} from "./events.js";
export type { ExpressMiddleware, ExpressRequest } from "./express.js";
export type { CallerKind, CredentialKind } from "./identity.js";
export type { DenyReason, RefusalCode } from "./refusal.js";
export { getClient, getSession, getUser } from "./session/accessors.js";
export type { Has, Session } from "./session/session.js";
