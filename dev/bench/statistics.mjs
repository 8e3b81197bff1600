/** The median of all rounds, with its spread. @typedef {{ median: number, min: number, max: number }} Spread */

/** @param {readonly number[]} values @returns {Spread} */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const below = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const above = sorted[Math.floor(middle)] ?? Number.NaN;
  return { median: (below + above) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/**
 * Compares round by round, because a disturbance affects all measurements of a round.
 *
 * @param {readonly number[]} one
 * @param {readonly number[]} other
 * @param {(one: number, other: number) => number} compare
 */
export function paired(one, other, compare) {
  return spread(one.map((value, round) => compare(value, other[round] ?? Number.NaN)));
}

/** @param {readonly number[]} one @param {readonly number[]} other */
export const ratio = (one, other) => paired(one, other, (a, b) => a / b);

/** @param {readonly number[]} one @param {readonly number[]} other */
export const difference = (one, other) => paired(one, other, (a, b) => a - b);
