/** Starts a local Clerk. */
import { AutoApprove } from "./control/auto-approve.js";
import type { ClerkLocal } from "./control/clerk-local.js";
import { connectedAccountsControl } from "./control/connected-accounts-control.js";
import { organizationsControl, usersControl } from "./control/directory-control.js";
import { Faults } from "./control/faults.js";
import { apiKeysControl, machinesControl } from "./control/machine-control.js";
import { metadataClientsControl } from "./control/metadata-client-control.js";
import { RequestLog } from "./control/request-log.js";
import { type LocalServer, listen } from "./http/server.js";
import { createInstance, type Instance, savedState, stateOf } from "./instance.js";
import { type ClerkLocalOptions, profileOf } from "./options.js";
import { handlersOf, type TestControls } from "./routes.js";
import { defaultSeed } from "./seed/default-seed.js";
import { parseSeed } from "./seed/seed.js";
import { StateFile } from "./state/state-file.js";
import { mint } from "./tokens/mint.js";

/**
 * Starts a local Clerk. For development and tests only.
 *
 * @throws TypeError if an option or the seed is wrong, with every problem in the message; Error if the port is taken.
 */
export async function createClerkLocal(options: ClerkLocalOptions = {}): Promise<ClerkLocal> {
  const profile = profileOf(options);
  const seed = parseSeed(options.seed ?? defaultSeed);
  const stateFile = options.state === undefined ? undefined : new StateFile(options.state, savedState);
  const saved = stateFile?.read();
  const server = await listen(profile.port);
  try {
    const issuer = server.origin;
    const instance = await createInstance({ issuer, profile, seed, saved, secretKey: options.secretKey });
    const controls: TestControls = {
      faults: new Faults(),
      log: new RequestLog(),
      autoApprove: new AutoApprove(issuer, instance.directory, profile.autoApprove),
    };
    const save = () => stateFile?.write(stateOf(instance));
    instance.store.onChange(() => stateFile?.schedule(() => stateOf(instance)));
    save();
    const local = controlled(instance, controls, server, save);
    server.handle(handlersOf(instance, local, controls));
    return local;
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** The object through which the caller controls the instance. */
function controlled(
  instance: Instance,
  controls: TestControls,
  server: LocalServer,
  save: () => void,
): ClerkLocal {
  const { issuer, secretKey, directory, keys, tokens, clock, oauth } = instance;
  const { apiKeys, machines, m2mTokens, metadataClients, profile } = instance;
  const { faults, log, autoApprove } = controls;
  const publishableKey = `pk_test_${Buffer.from(`${new URL(issuer).host}$`).toString("base64")}`;
  return {
    issuer,
    apiUrl: issuer,
    secretKey,
    publishableKey,
    get jwtKey() {
      return keys.pem;
    },
    env: {
      CLERK_SECRET_KEY: secretKey,
      CLERK_DOMAIN: issuer,
      CLERK_PUBLISHABLE_KEY: publishableKey,
      CLERK_API_URL: issuer,
    },
    users: usersControl(directory),
    organizations: organizationsControl(directory),
    apiKeys: apiKeysControl(apiKeys, directory),
    machines: machinesControl(machines, m2mTokens),
    metadataClients: metadataClientsControl(metadataClients, profile.loopbackClientIds),
    connectedAccounts: connectedAccountsControl(instance),
    mint: (request) => mint(instance, request),
    async rotateKeys({ keepOld = true } = {}) {
      await keys.rotate(keepOld);
      oauth.rebuild();
      save();
      return { kid: keys.current.kid };
    },
    faults: (rules = []) => faults.set([rules].flat()),
    clock: ({ offsetSeconds = 0 } = {}) => clock.set(offsetSeconds),
    async revoke(token) {
      if (tokens.revokeById(token)) return true;
      const key = apiKeys.find(token);
      if (key) apiKeys.revoke(key, null);
      const machineToken = m2mTokens.find(token);
      if (machineToken) m2mTokens.revoke(machineToken, null);
      if (key || machineToken) return true;
      const found = await tokens.find(token);
      if (found.state !== "unknown") {
        tokens.revokeById(found.record.id);
        return true;
      }
      const refreshToken = await oauth.provider.RefreshToken.find(token);
      await refreshToken?.destroy();
      return refreshToken !== undefined;
    },
    requests({ reset = false } = {}) {
      const entries = log.entries();
      if (reset) log.reset();
      return entries;
    },
    autoApprove: (approval) => autoApprove.set(approval),
    unref: () => server.unref(),
    async close() {
      await server.close();
      save();
    },
  };
}
