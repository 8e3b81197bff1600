/** Black-box conformance checks for OAuth-protected MCP servers. */
export type { ProfileName } from "./authorization-server/profiles.js";
export type * from "./case.js";
export { allCases } from "./cases/index.js";
export { type TokenKind, tokenKinds } from "./report/lists.js";
export { textReport, totalsLine, totalsText } from "./report/text-report.js";
export { type CommandOptions, commandTarget, TargetNotStarted } from "./run/command-target.js";
export {
  type CaseResult,
  type Counts,
  type Report,
  type RunOptions,
  runConformance,
  type Totals,
  type Verdict,
} from "./run/run.js";
export { runningTarget, type Target, type TargetSettings, type TargetStarter } from "./run/target.js";
export type { TestRunOptions as WorldOptions } from "./run/test-run.js";
export { TokenCommandFailed } from "./run/token-command.js";
export type { Deformation, Json, OpaqueState, SigningKey, TokenRecipe } from "./tokens/recipe.js";
