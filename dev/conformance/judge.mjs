// Compares the results of the suites with the expected ones.

/** @import { Check } from "./official-suite.mjs" */
/** @import { OAuthFlow } from "./oauth-flows.mjs" */

/** @typedef {{ revision: string, check: string, reason: string }} ExpectedCheck */
/** @typedef {{ flow: string, step: string, status: string, reason: string }} ExpectedStep */

/**
 * Compares one revision of the official suite, with the plugin and without it.
 *
 * @param {string} revision
 * @param {{ withPlugin: readonly Check[], withoutPlugin: readonly Check[] }} found
 * @param {{ official: readonly ExpectedCheck[], repairedByPlugin: readonly ExpectedCheck[] }} expected
 * @returns {string[]} the differences from the expectation
 */
export function judgeChecks(revision, { withPlugin, withoutPlugin }, { official, repairedByPlugin }) {
  const here = (/** @type {readonly ExpectedCheck[]} */ entries) =>
    new Set(entries.filter((entry) => entry.revision === revision).map(({ check }) => check));
  const expected = here(official);
  const repaired = here(repairedByPlugin);
  const failed = new Map(withPlugin.filter(isFailure).map((check) => [check.id, check]));
  const failedWithout = new Set(withoutPlugin.filter(isFailure).map(({ id }) => id));

  const problems = [];
  for (const [id, { message }] of failed) {
    if (!expected.has(id)) problems.push(`${id} fails: ${message}`);
  }
  for (const id of expected) {
    if (!failed.has(id)) problems.push(`${id} is expected to fail, and does not`);
  }
  for (const id of repaired) {
    if (!failedWithout.has(id)) problems.push(`${id} is expected to fail without the plugin, and does not`);
  }
  return [
    ...problems,
    ...differences(withPlugin, withoutPlugin)
      .filter(({ id }) => !repaired.has(id))
      .map(say),
  ];
}

/** @param {Check} check */
function isFailure({ status, isScored }) {
  return isScored && status === "FAILURE";
}

/**
 * @param {readonly Check[]} withPlugin
 * @param {readonly Check[]} withoutPlugin
 */
function differences(withPlugin, withoutPlugin) {
  const [one, other] = [withPlugin, withoutPlugin].map(
    (checks) => new Map(checks.map(({ id, status, message }) => [id, `${status} ${message}`.trim()])),
  );
  return [...new Set([...withPlugin, ...withoutPlugin].map(({ id }) => id))]
    .map((id) => ({ id, one: one?.get(id), other: other?.get(id) }))
    .filter((difference) => difference.one !== difference.other);
}

/** @param {{ id: string, one: string | undefined, other: string | undefined }} difference */
function say({ id, one = "not there", other = "not there" }) {
  return `${id} differs: with the plugin ${one}, without it ${other}`;
}

/**
 * @param {readonly OAuthFlow[]} flows
 * @param {readonly ExpectedStep[]} expected
 * @returns {string[]} the differences from the expectation
 */
export function judgeFlows(flows, expected) {
  const found = flows.flatMap(({ flow, notPassed }) => notPassed.map((step) => ({ flow, ...step })));
  const problems = found
    .filter(({ flow, step, status }) => !expected.some((entry) => isSame(entry, { flow, step, status })))
    .map(({ flow, step, status, message }) => `${flow}: ${step} ${status}: ${message}`);
  const stale = expected
    .filter((entry) => !found.some((step) => isSame(entry, step)))
    .map(({ flow, step, status }) => `${flow}: ${step} is expected to be ${status}, and is not`);
  return [...problems, ...stale];
}

/**
 * @typedef {{ flow: string, step: string, status: string }} Step
 * @param {Step} one
 * @param {Step} other
 */
function isSame(one, other) {
  return one.flow === other.flow && one.step === other.step && one.status === other.status;
}
