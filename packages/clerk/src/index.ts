export type { ClerkClient, User } from "@clerk/backend";
export type { ExpressMiddleware, ExpressRequest } from "./adapters/node.js";
export {
  type ClerkMcpOptions,
  clerkMcp,
  type McpContext,
  type McpMiddleware,
} from "./adapters/xmcp/clerk-mcp.js";
export { clerkProvider } from "./clerk-provider.js";
export { ClerkFailure, type ClerkFailureKind } from "./errors/clerk-failure.js";
export { ClerkConfigError, type ConfigProblem } from "./errors/config-error.js";
export type { DenyReason, RefusalCode } from "./errors/refusal.js";
export type {
  ClerkCall,
  ClerkEvent,
  ClerkHealthEvent,
  DenyEvent,
  EventCaller,
  EventSink,
  GrantEvent,
  ToolEvent,
} from "./events/events.js";
export type { CallerKind, CredentialKind } from "./identity.js";
export type {
  Access,
  AccessOptions,
  AccessRule,
  AccessRules,
  Discovery,
  ListPolicy,
  MetadataValue,
  OneOf,
} from "./options/access-rules.js";
export type {
  AnonymousRequestsLimit,
  AudiencePolicy,
  ClerkProviderOptions,
  FailedAttemptsLimit,
  RedactArguments,
} from "./options/options.js";
export type { ServerCardOptions, ServerRepository } from "./options/server-card.js";
export { AccessDenied } from "./session/access-denied.js";
export {
  getClient,
  getConnectedAccount,
  getOptionalSession,
  getSession,
  getUser,
} from "./session/accessors.js";
export type { ConnectedAccount } from "./session/connected-accounts.js";
export { ConnectionRequired, type MissingConnection } from "./session/connection-required.js";
export type { Has, Session } from "./session/session.js";
