/**
 * Gives the programs that a test starts the environment of a new shell: without the test runner's variables and without
 * a developer's own settings.
 */
const FROM_THE_RUNNER = /^(NODE_ENV|MODE|DEV|PROD|SSR|BASE_URL|TEST|VITEST.*)$/;
const FROM_A_DEVELOPER = /^(PORT|HOST|VERCEL.*|CLERK_(?!TELEMETRY).*|NODE_OPTIONS)$/;

for (const name of Object.keys(process.env)) {
  if (FROM_THE_RUNNER.test(name) || FROM_A_DEVELOPER.test(name)) delete process.env[name];
}
