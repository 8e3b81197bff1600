// Draws the plots of the docs as SVG, readable on light and on dark pages.

const WIDTH = 640;
const HEIGHT = 340;
const LEFT = 64;
const RIGHT = 130;
const TOP = 48;
const BOTTOM = 48;
const LABEL_HEIGHT = 16;
/** Readable on white and on black. */
const COLORS = ["#d9822b", "#8a63d2", "#2e8fd0", "#1fa35c", "#0e7a52"];

const STYLE = `text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}.title{font-weight:600;font-size:15px}
.grid{stroke:#d0d7de}line,polyline{fill:none}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#3d444d}}`;

/**
 * Lines over the number of tools, both axes logarithmic.
 *
 * @param {string} title
 * @param {readonly number[]} tools
 * @param {readonly { name: string, values: readonly number[] }[]} lines
 */
export function linesByTools(title, tools, lines) {
  const all = lines.flatMap(({ values }) => values);
  const [least, most] = [Math.min(...all) / 1.2, Math.max(...all) * 1.2];
  const x = (/** @type {number} */ count) =>
    LEFT + share(count, tools[0] ?? 1, tools.at(-1) ?? 1) * (WIDTH - LEFT - RIGHT);
  const y = (/** @type {number} */ value) =>
    HEIGHT - BOTTOM - share(value, least, most) * (HEIGHT - TOP - BOTTOM);
  const labels = spreadOut(lines.map(({ values }) => y(values.at(-1) ?? least)));
  return svg(title, described(lines.map(({ name, values }) => `${name} ${values.map(rounded).join(", ")}`)), [
    ...ticks(least, most).map(
      (value) =>
        `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"/>${text(LEFT - 8, y(value) + 4, rounded(value), "end")}`,
    ),
    ...tools.map((count) => text(x(count), HEIGHT - BOTTOM + 20, `${count} tools`, "middle")),
    ...lines.flatMap(({ name, values }, index) => {
      const points = values.map((value, at) => [x(tools[at] ?? 1), y(value)]);
      const color = COLORS[index];
      return [
        `<polyline points="${points.map((point) => point.map(rounded).join(",")).join(" ")}" stroke="${color}" stroke-width="2.5"/>`,
        ...points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="4" fill="${color}"/>`),
        text(WIDTH - RIGHT + 12, (labels[index] ?? 0) + 4, name),
      ];
    }),
  ]);
}

/**
 * Horizontal bars.
 *
 * @param {string} title
 * @param {string} unit
 * @param {readonly { name: string, value: number }[]} bars
 */
export function bars(title, unit, bars) {
  const most = Math.max(...bars.map(({ value }) => value));
  const step = 40;
  const left = LEFT + 70;
  const rows = bars.map(({ name, value }, index) => {
    const width = (value / most) * (WIDTH - left - 80);
    const y = TOP + index * step;
    return `${text(left - 10, y + 17, name, "end")}<rect x="${left}" y="${y}" width="${rounded(width)}" height="24" rx="3" fill="${COLORS[name === "ours" ? 3 : 2]}"/>${text(left + width + 8, y + 17, `${rounded(value)} ${unit}`)}`;
  });
  return svg(
    title,
    described(bars.map(({ name, value }) => `${name} ${rounded(value)} ${unit}`)),
    rows,
    TOP + bars.length * step,
  );
}

/**
 * @param {string} title
 * @param {string} description
 * @param {readonly string[]} content
 * @param {number} [height]
 */
function svg(title, description, content, height = HEIGHT) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${title}</title>
<desc id="description">${description}</desc>
<style>${STYLE}</style>
<text class="title" x="8" y="22">${title}</text>
${content.join("\n")}
</svg>
`;
}

/** @param {number} x @param {number} y @param {string} content @param {"start" | "middle" | "end"} [anchor] */
function text(x, y, content, anchor = "start") {
  return `<text x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}">${content}</text>`;
}

/** Where a value lies between two others, on a logarithmic scale. @param {number} value @param {number} from @param {number} to */
function share(value, from, to) {
  return Math.log(value / from) / Math.log(to / from);
}

/** The values 1, 2 and 5 of each power of ten. @param {number} least @param {number} most */
function ticks(least, most) {
  return [100, 1_000, 10_000, 100_000]
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((value) => value >= least && value <= most);
}

/** Moves labels apart that would overlap. @param {readonly number[]} positions */
function spreadOut(positions) {
  const order = positions.map((_, index) => index).sort((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0));
  const moved = [...positions];
  for (const [rank, index] of order.entries()) {
    const above = moved[order[rank - 1] ?? -1];
    if (above !== undefined) moved[index] = Math.max(moved[index] ?? 0, above + LABEL_HEIGHT);
  }
  return moved;
}

/** @param {readonly string[]} parts */
function described(parts) {
  return `${parts.join("; ")}.`;
}

/** @param {number} value */
function rounded(value) {
  return value >= 1_000 ? Math.round(value).toLocaleString("en") : String(Math.round(value));
}
