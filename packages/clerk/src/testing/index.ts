/** `@xmcp-dev/clerk/testing`: runs a tool's function in a test, for a caller that the test describes. */

export type { Given, UserDescription } from "./given.js";
export {
  type AccountDescription,
  type CallerDescription,
  type OrganizationDescription,
  withSession,
} from "./with-session.js";
