export type { ClerkClient, User } from "@clerk/backend";
export { ClerkFailure, type ClerkFailureKind } from "./clerk/failure.js";
export { clerkProvider } from "./clerk-provider.js";
export { ClerkConfigError, type ConfigProblem } from "./configuration/config-error.js";
export type { AudiencePolicy, ClerkProviderOptions, FailedAttemptsLimit } from "./configuration/options.js";
export type {
  ClerkCall,
  ClerkEvent,
  ClerkHealthEvent,
  DenyEvent,
  EventSink,
  GrantEvent,
  ToolEvent,
} from "./events.js";
export type { ExpressMiddleware, ExpressRequest } from "./express.js";
export type { DenyReason, RefusalCode } from "./refusal.js";
export { getClient, getSession, getUser } from "./session/accessors.js";
export type { Session } from "./session/session.js";
