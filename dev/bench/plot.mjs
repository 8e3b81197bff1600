// Draws bars with whiskers as SVG, readable on a light and on a dark background.
/** @import { Spread } from "./statistics.mjs" */

/** @typedef {{ label: string, value: Spread, isOurs: boolean }} Bar */

const LABELS = 390;
const BARS = 400;
const FIGURES = 130;
const ROW = 24;
const TITLE = 44;

/** @param {readonly { title: string, bars: readonly Bar[] }[]} panels from top to bottom */
export function plot(panels) {
  const width = LABELS + BARS + FIGURES;
  let top = 0;
  const parts = panels.map(({ title, bars }) => {
    const drawn = panel(title, bars, top);
    top += TITLE + bars.length * ROW;
    return drawn;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top + 12}" width="${width}" role="img" aria-label="${escaped(panels.map(({ title }) => title).join("; "))}" font-family="system-ui, sans-serif" font-size="13">
<style>
  text { fill: #1f2328 } .other { fill: #8c959f } .ours { fill: #6c47ff } .spread { stroke: #1f2328; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .other { fill: #6e7681 } .ours { fill: #9b85ff } .spread { stroke: #e6edf3 } }
</style>
${parts.join("\n")}
</svg>
`;
}

/**
 * @param {string} title
 * @param {readonly Bar[]} bars
 * @param {number} top
 */
function panel(title, bars, top) {
  const most = Math.max(...bars.map(({ value }) => value.max));
  const x = (/** @type {number} */ value) => (LABELS + (value / most) * BARS).toFixed(1);
  const rows = bars.map(({ label, value, isOurs }, index) => {
    const middle = top + TITLE + index * ROW + ROW / 2;
    const length = ((value.median / most) * BARS).toFixed(1);
    return `<text x="${LABELS - 10}" y="${middle + 4}" text-anchor="end">${escaped(label)}</text>
<rect class="${isOurs ? "ours" : "other"}" x="${LABELS}" y="${middle - 8}" width="${length}" height="16" rx="2"/>
<line class="spread" x1="${x(value.min)}" x2="${x(value.max)}" y1="${middle}" y2="${middle}"/>
<text x="${LABELS + BARS + 10}" y="${middle + 4}">${Math.round(value.median).toLocaleString("en")}</text>`;
  });
  return `<text x="${LABELS}" y="${top + 28}" font-weight="600">${escaped(title)}</text>\n${rows.join("\n")}`;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
