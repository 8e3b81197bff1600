/** `@xmcp-dev/clerk-local`: a local Clerk, for development and tests only. */

export type { ClerkEnvironment, ClerkLocal } from "./control/clerk-local.js";
export type {
  ConnectedAccountsControl,
  LocalConnectedAccount,
  NewConnectedAccount,
} from "./control/connected-accounts-control.js";
export type { OrganizationsControl, UserInput, UsersControl } from "./control/directory-control.js";
export type { FaultRule } from "./control/faults.js";
export type {
  ApiKeysControl,
  LocalApiKey,
  LocalMachine,
  LocalMachineToken,
  MachinesControl,
  MachineTokenOptions,
  NewApiKey,
} from "./control/machine-control.js";
export type { LocalMetadataClient, MetadataClientsControl } from "./control/metadata-client-control.js";
export type { LoggedRequest } from "./control/request-log.js";
export { createClerkLocal } from "./create-clerk-local.js";
export type {
  LocalMembership,
  LocalOrganization,
  LocalUser,
  Metadata,
  NewOrganization,
  NewUser,
  OrganizationChanges,
  UserChanges,
} from "./directory/directory.js";
export type { NewMachine } from "./machines/machines.js";
export type { AutoApproval, ClerkLocalOptions, ProfileName, TokenFormat } from "./options.js";
export { defaultSeed } from "./seed/default-seed.js";
export type { SeedInput } from "./seed/seed.js";
export { type TokenKind, type TokenKindName, tokenKinds } from "./tokens/kinds.js";
export type { MintedTokens, MintOptions } from "./tokens/mint.js";
