// Medians and ratios of measurements that were taken in turns.

/**
 * The median of all rounds, and the least and the most of the middle three quarters of them: a single round may have
 * been disturbed. @typedef {{ median: number, min: number, max: number }} Spread
 */

/** @param {readonly number[]} values @returns {Spread} */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const below = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const above = sorted[Math.floor(middle)] ?? Number.NaN;
  const left = Math.round(sorted.length / 8);
  return {
    median: (below + above) / 2,
    min: sorted[left] ?? Number.NaN,
    max: sorted[sorted.length - 1 - left] ?? Number.NaN,
  };
}

/**
 * Compares round by round, because a disturbance affects all measurements of a round.
 *
 * @param {readonly number[]} one
 * @param {readonly number[]} other
 */
export function ratios(one, other) {
  return one.map((value, round) => value / (other[round] ?? Number.NaN));
}

/**
 * How far two equal subjects were apart in the same rounds, as a factor, e.g. 1.12.
 *
 * @param {readonly number[]} one
 * @param {readonly number[]} twin
 */
export function noise(one, twin) {
  const { min, max } = spread(ratios(one, twin));
  return Math.max(max, 1 / min);
}

/** @param {Spread} value @param {string} [unit] */
export function written({ median, min, max }, unit = "") {
  const digits = Math.abs(median) >= 100 ? 0 : Math.abs(median) >= 10 ? 1 : 2;
  const [middle, least, most] = [median, min, max].map((number) => number.toFixed(digits));
  return `${middle}${unit && ` ${unit}`} (${least} to ${most})`;
}
