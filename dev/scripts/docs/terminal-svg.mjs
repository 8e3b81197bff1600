const COLUMNS = 116;
const ROWS = 26;
const LINE_HEIGHT = 19;
const BELOW_BASELINE = 5;
const CHARACTER_WIDTH = 7.83;
const PADDING = 18;
const TITLE_HEIGHT = 34;
const SECONDS_PER_LINE = 0.14;
const SECONDS_PER_HEADING = 1.1;

/** The kinds of lines, with the pattern of each. The first match counts. */
const KINDS = /** @type {const} */ ([
  ["prompt", /^\$ /],
  ["done", /^✔/],
  ["refused", /→ 4\d\d|^ +WWW-Authenticate/],
  ["answered", /→ \d\d\d/],
  ["heading", /^\S/],
  ["json", /^ {4}/],
]);

/**
 * Draws a terminal in which a command prints its output, as an SVG that plays once with CSS only. With reduced motion,
 * it shows the first screen without animation.
 *
 * @param {string} command
 * @param {readonly string[]} output
 */
export function terminalSvg(command, output) {
  const rows = [`$ ${command}`, "", ...output].flatMap(rowsOf);
  const times = appearances(rows);
  const width = Math.round(COLUMNS * CHARACTER_WIDTH + 2 * PADDING);
  const height = TITLE_HEIGHT + ROWS * LINE_HEIGHT + PADDING;
  const end = times.at(-1) ?? 0;
  const scroll = times
    .map((time, row) => ({ time, hidden: row + 1 - ROWS }))
    .filter(({ hidden }) => hidden > 0)
    .map(
      ({ time, hidden }) =>
        `${((100 * time) / end).toFixed(2)}%{transform:translateY(${-hidden * LINE_HEIGHT}px)}`,
    );
  const lines = rows.map(
    (row, index) =>
      `<text y="${(index + 1) * LINE_HEIGHT - BELOW_BASELINE}" class="${row.kind}" style="animation-delay:${(times[index] ?? 0).toFixed(2)}s">${escaped(row.text)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Terminal: ${escaped(command)}">
<style>
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre;fill:#d6d6e0;animation:show 1ms linear both}
.prompt,.heading{fill:#fff;font-weight:600}.done{fill:#7ee2a0;font-weight:600}.answered{fill:#a8e6bd}.refused{fill:#f5c97a}.json{fill:#9a9aac}
#scroll{animation:scroll ${end.toFixed(2)}s step-end both}
@keyframes show{from{opacity:0}to{opacity:1}}
@keyframes scroll{0%{transform:none}${scroll.join("")}}
@media(prefers-reduced-motion:reduce){text,#scroll{animation:none}}
</style>
<rect width="${width}" height="${height}" rx="12" fill="#17171d"/>
<g fill="#3d3d4a"><circle cx="22" cy="17" r="6"/><circle cx="42" cy="17" r="6"/><circle cx="62" cy="17" r="6"/></g>
<svg aria-hidden="true" x="${PADDING}" y="${TITLE_HEIGHT}" width="${width - 2 * PADDING}" height="${ROWS * LINE_HEIGHT}">
<g id="scroll">
${lines.join("\n")}
</g>
</svg>
</svg>
`;
}

/**
 * Breaks a line at the width of the terminal.
 *
 * @param {string} line
 */
function rowsOf(line) {
  const kind = KINDS.find(([, pattern]) => pattern.test(line))?.[0] ?? "plain";
  const texts = line.match(new RegExp(`.{1,${COLUMNS}}`, "gu")) ?? [""];
  return texts.map((text) => ({ text, kind }));
}

/**
 * When each row appears, in seconds. A heading follows a pause, so that the previous section can be read.
 *
 * @param {readonly { kind: string }[]} rows
 */
function appearances(rows) {
  let time = 0;
  return rows.map(({ kind }) => {
    time += kind === "heading" ? SECONDS_PER_HEADING : SECONDS_PER_LINE;
    return time;
  });
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
