/** The version of xmcp that this package is tested with. Newer ones are met by the checks in the bundler and the guard. */
export const TESTED_VERSION = "1.1.3";

/** For messages: the fix if xmcp differs from the version that this package relies on. */
export const INSTALL_TESTED = `Install xmcp ${TESTED_VERSION}, with which @xmcp-dev/clerk is tested.`;

const warned = new Set<string>();

/** Warns once of a version with a larger major or minor number than the tested one. */
export function warnIfNewer(version: string): void {
  if (!isNewerThanTested(version) || warned.has(version)) return;
  warned.add(version);
  console.warn(
    `[Clerk] xmcp ${version} is newer than ${TESTED_VERSION}, with which @xmcp-dev/clerk is tested. Before you deploy the build, ` +
      "check that a call without a token gets 401: npx @xmcp-dev/clerk doctor.",
  );
}

function isNewerThanTested(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [testedMajor = 0, testedMinor = 0] = TESTED_VERSION.split(".").map(Number);
  return major > testedMajor || (major === testedMajor && minor > testedMinor);
}
