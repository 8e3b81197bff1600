/** The data that the page shows and changes. */
import type { ClerkLocal } from "../control/clerk-local.js";
import type { Faults } from "../control/faults.js";
import type { RequestLog } from "../control/request-log.js";
import type { Instance } from "../instance.js";

export interface DashboardParts {
  instance: Instance;
  /** Every change is made through this object, as a test makes it. */
  local: ClerkLocal;
  faults: Faults;
  log: RequestLog;
  /** In each form of the page; random for each run. A request without it changes nothing. */
  formKey: string;
}
