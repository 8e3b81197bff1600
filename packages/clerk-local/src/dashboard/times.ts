/** Times in words that change at most once a minute. */

const UNITS = [
  ["year", 365 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** A span in its largest unit, rounded: `2 hours`. */
export function spanOf(milliseconds: number): string {
  const [name, length] = UNITS.find(([, each]) => milliseconds >= each) ?? ["second", 1000];
  const count = Math.round(milliseconds / length);
  return `${count.toLocaleString("en")} ${name}${count === 1 ? "" : "s"}`;
}

/** How long from `now` until `time`, in milliseconds since the epoch: `in 2 hours`. */
export function untilTime(time: number, now: number): string {
  const left = time - now;
  return left < 60_000 ? "in less than a minute" : `in ${spanOf(left)}`;
}
