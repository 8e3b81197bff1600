// Prints the results of the suites: a table for each, and the reasons for the expected failures.

/** @import { ExpectedCheck, ExpectedStep } from "./judge.mjs" */
/** @import { OAuthFlow } from "./oauth-flows.mjs" */
/** @import { Check } from "./official-suite.mjs" */

/** @param {string} text */
export function heading(text) {
  console.log(`\n${text}`);
}

/**
 * @param {{ withPlugin: readonly Check[], withoutPlugin: readonly Check[] }} found
 * @param {readonly ExpectedCheck[]} expected
 */
export function printChecks({ withPlugin, withoutPlugin }, expected) {
  console.table({ "with the plugin": count(withPlugin), "without it": count(withoutPlugin) });
  for (const { check, reason } of expected) console.log(`  expected: ${check}\n    ${reason}`);
}

/** @param {readonly Check[]} checks */
function count(checks) {
  const required = checks.filter(({ isScored }) => isScored);
  const others = checks.filter(({ isScored }) => !isScored);
  const of = (/** @type {readonly Check[]} */ list, /** @type {Check["status"]} */ wanted) =>
    list.filter(({ status }) => status === wanted).length;
  return {
    passed: of(required, "SUCCESS"),
    failed: of(required, "FAILURE"),
    warnings: of(required, "WARNING"),
    skipped: of(required, "SKIPPED"),
    "not required: passed": of(others, "SUCCESS"),
    "not required: failed": of(others, "FAILURE"),
  };
}

/**
 * @param {readonly OAuthFlow[]} flows
 * @param {readonly ExpectedStep[]} expected
 */
export function printFlows(flows, expected) {
  const rows = flows.map(({ flow, steps, notPassed }) => {
    const failed = notPassed.filter(({ status }) => status === "failed").length;
    const skipped = notPassed.length - failed;
    return [flow, { passed: steps - notPassed.length, failed, skipped }];
  });
  console.table(Object.fromEntries(rows));
  for (const { flow, step, reason } of expected) console.log(`  expected: ${flow}: ${step}\n    ${reason}`);
}

/** @param {readonly string[]} problems */
export function printVerdict(problems) {
  if (problems.length === 0) return heading("✔ Everything is as expected.");
  heading("✘ Not as expected:");
  for (const problem of problems) console.log(`  ${problem}`);
}
