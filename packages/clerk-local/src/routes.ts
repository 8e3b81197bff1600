/** Every handler of the local Clerk, in order. The first handler that answers a request ends it. */
import { accountPortalHandler } from "./account-portal/account-portal.js";
import { providerApiHandler } from "./account-portal/provider-api.js";
import { backendApiHandler } from "./backend-api/backend-api.js";
import type { AutoApprove } from "./control/auto-approve.js";
import type { ClerkLocal } from "./control/clerk-local.js";
import { controlHandler } from "./control/control-api.js";
import { controlsOf } from "./control/controls.js";
import type { Faults } from "./control/faults.js";
import type { RequestLog } from "./control/request-log.js";
import { dashboardHandler } from "./dashboard/dashboard.js";
import type { Handler } from "./http/exchange.js";
import { hostGuard } from "./http/loopback.js";
import type { Instance } from "./instance.js";
import { authorizationByPost, clerkDefaults } from "./oauth/authorize-request.js";
import { discoveryHandler } from "./oauth/discovery.js";
import { interactionHandler } from "./oauth/interaction.js";
import { registrationHandler } from "./oauth/registration.js";
import { tokenInfoHandler } from "./oauth/token-info.js";
import { userinfoHandler } from "./oauth/userinfo.js";
import { imagesHandler } from "./pages/images.js";
import { forgerHandler } from "./tokens/forger.js";

export interface TestControls {
  faults: Faults;
  log: RequestLog;
  autoApprove: AutoApprove;
}

export function handlersOf(instance: Instance, local: ClerkLocal, controls: TestControls): Handler[] {
  const { faults, log, autoApprove } = controls;
  // The requests that auto-approval sends to the local Clerk are not logged, and faults do not affect them.
  const forClients =
    (handler: Handler): Handler =>
    (exchange) =>
      !autoApprove.isVisitor(exchange) && handler(exchange);
  return [
    hostGuard(instance.issuer),
    controlHandler(instance.secretKey, controlsOf(local)),
    // Before the log and the faults: the page would fill the one, and switches the other off again.
    dashboardHandler({ instance, local, faults, log }),
    imagesHandler(instance.directory),
    forClients(log.handler),
    forClients(faults.handler),
    discoveryHandler(instance),
    backendApiHandler(instance),
    userinfoHandler(instance),
    tokenInfoHandler(instance),
    forgerHandler,
    accountPortalHandler(instance),
    providerApiHandler(instance.externalAccounts),
    authorizationByPost,
    forClients(autoApprove.handler),
    interactionHandler(instance),
    registrationHandler(instance),
    clerkDefaults(instance),
    instance.oauth.handler,
  ];
}
