/** One style sheet for all pages, inlined so that a page needs no second request. */
export const styles = `
:root {
  color-scheme: light dark;
  --page: #f3f3f6; --card: #ffffff; --text: #1b1b22; --quiet: #5b5b69; --line: #e2e2e9; --hover: #f5f5f8;
  --accent: #5a45dd; --accent-hover: #4936c2; --on-accent: #ffffff; --focus: #5a45dd;
  --note: #fff6dc; --note-line: #ecd48c; --note-text: #6a4d00; --shadow: 0 1px 2px #0000000f, 0 16px 40px #1b1b2214;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121217; --card: #1c1c23; --text: #f1f1f5; --quiet: #a9a9b8; --line: #33333f; --hover: #26262f;
    --accent: #8d7bff; --accent-hover: #a394ff; --on-accent: #14102e; --focus: #b3a7ff;
    --note: #2d2612; --note-line: #5f5022; --note-text: #f2d98e; --shadow: 0 1px 2px #00000066, 0 16px 40px #00000059;
  }
}
* { box-sizing: border-box; }
select { min-width: 0; max-width: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  overflow-wrap: anywhere;
}
.one-card { min-height: 100vh; padding: 24px 16px; display: grid; place-items: center; }
.one-card main { width: 100%; max-width: 416px; }
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: 16px; box-shadow: var(--shadow);
  padding: 32px 32px 28px;
}
.note {
  margin: 16px auto 0; padding: 6px 12px; width: fit-content; border: 1px solid var(--note-line); border-radius: 999px;
  background: var(--note); color: var(--note-text); font-size: 12.5px; text-align: center;
}
h1 { margin: 0; font-size: 20px; line-height: 1.3; letter-spacing: -0.01em; text-align: center; }
h2 { margin: 24px 0 8px; font-size: 13px; font-weight: 600; color: var(--quiet); }
p { margin: 0; }
a { color: var(--accent); }
.lead { margin-top: 6px; color: var(--quiet); text-align: center; }
.warning { margin-top: 16px; padding: 10px 14px; border: 1px solid var(--line); border-left: 4px solid var(--focus); border-radius: 10px; font-size: 13.5px; }
ul { margin: 0; padding: 0; list-style: none; }
.people { margin-top: 24px; display: grid; gap: 8px; }
.person {
  display: flex; align-items: center; gap: 12px; width: 100%; padding: 10px 12px; border: 1px solid var(--line);
  border-radius: 12px; background: transparent; color: inherit; font: inherit; text-align: left;
}
button.person { cursor: pointer; }
button.person:hover:not(:disabled) { background: var(--hover); }
button.person:disabled { cursor: not-allowed; opacity: 0.62; }
.person img { width: 36px; height: 36px; border-radius: 50%; flex: none; }
.person span { min-width: 0; }
.name { display: block; font-weight: 600; line-height: 1.35; }
.email { display: block; color: var(--quiet); font-size: 13.5px; line-height: 1.35; }
.tag { margin-left: 6px; padding: 1px 7px; border: 1px solid var(--line); border-radius: 999px; font-size: 11.5px; font-weight: 500; color: var(--quiet); }
.account { margin-top: 20px; }
.account .person { background: var(--hover); border-color: transparent; }
.switch { margin-top: 6px; text-align: right; }
.link { padding: 2px 4px; border: 0; border-radius: 6px; background: none; color: var(--accent); font: inherit; font-size: 13.5px; cursor: pointer; }
.link:hover { text-decoration: underline; }
.scopes { border: 1px solid var(--line); border-radius: 12px; }
.scopes li { padding: 9px 14px; border-top: 1px solid var(--line); }
.scopes li:first-child { border-top: 0; }
code { color: var(--quiet); font: 12.5px/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.scopes code { display: block; }
.one-card label { display: block; margin: 24px 0 8px; font-size: 13px; font-weight: 600; color: var(--quiet); }
.one-card select {
  width: 100%; padding: 9px 12px; border: 1px solid var(--line); border-radius: 10px; background: var(--card);
  color: inherit; font: inherit;
}
.one-card .field {
  width: 100%; padding: 9px 12px; border: 1px solid var(--line); border-radius: 10px; background: var(--card);
  color: inherit; font: inherit;
}
fieldset { margin: 24px 0 0; padding: 0; border: 0; min-width: 0; }
legend { margin-bottom: 8px; padding: 0; font-size: 13px; font-weight: 600; color: var(--quiet); }
.one-card .choice { display: flex; align-items: center; gap: 10px; margin: 0; cursor: pointer; }
.choice input { flex: none; width: 16px; height: 16px; margin: 0; accent-color: var(--accent); }
.connection { display: flex; align-items: center; justify-content: space-between; gap: 12px; }
.connection > div { min-width: 0; }
.connections { display: grid; gap: 8px; }
.connections .actions { margin: 0; }
dl { margin: 20px 0 0; font-size: 13.5px; }
dt { color: var(--quiet); }
dd { margin: 0 0 8px; }
dd code { color: var(--text); }
.actions { display: flex; flex-direction: row-reverse; gap: 10px; margin-top: 24px; }
.actions button {
  flex: 1; padding: 10px 14px; border: 1px solid var(--line); border-radius: 10px; background: transparent;
  color: inherit; font: inherit; font-weight: 600; cursor: pointer;
}
.actions button:hover { background: var(--hover); }
.actions .primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.actions .primary:hover { border-color: var(--accent-hover); background: var(--accent-hover); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
@media (max-width: 420px) { .card { padding: 24px 18px 20px; } }

.dashboard { padding: 28px 24px 40px; --alarm: #b3261e; --alarm-back: #fdecea; --warn: #8a5a00; }
@media (prefers-color-scheme: dark) { .dashboard { --alarm: #ffb4ab; --alarm-back: #3a1c1a; --warn: #f2c66d; } }
.dashboard > * { max-width: 1160px; margin-inline: auto; }
.dashboard header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; margin-bottom: 20px; }
.dashboard h1 { font-size: 22px; text-align: left; }
.dashboard nav, .dashboard footer { display: flex; flex-wrap: wrap; gap: 4px 18px; width: 100%; font-size: 13.5px; }
.dashboard footer { margin-top: 24px; }
.quiet { color: var(--quiet); font-size: 13.5px; }
.live { font-size: 13.5px; color: var(--quiet); }
.live::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border-radius: 50%; background: var(--quiet); }
.live[data-state="live"]::before { background: #2e9e5b; }
.dashboard section {
  margin-bottom: 20px; padding: 20px 24px; background: var(--card); border: 1px solid var(--line); border-radius: 16px;
  min-width: 0; scroll-margin-top: 12px;
}
.dashboard h2 { margin: 0 0 12px; font-size: 16px; color: var(--text); }
.dashboard h3 { margin: 0; font-size: 13px; font-weight: 600; color: var(--quiet); }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 20px; }
.switches { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; }
.switch-card { padding: 14px 16px; border: 1px solid var(--line); border-radius: 12px; }
.switch-card.wide { grid-column: 1 / -1; }
.switch-card.alarm { border-color: var(--alarm); background: var(--alarm-back); }
.state { margin: 2px 0 10px; font-size: 14px; }
.state code { color: var(--text); }
.dashboard form, .choices { min-width: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
.dashboard button, .dashboard select, .dashboard input {
  min-height: 32px; padding: 4px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--card);
  color: inherit; font: inherit; font-size: 13.5px;
}
.dashboard button { font-weight: 600; cursor: pointer; white-space: nowrap; }
.dashboard button:hover { background: var(--hover); }
.dashboard button[aria-pressed="true"] { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.dashboard button.danger { color: var(--alarm); font-weight: 500; }
.dashboard input[type="number"] { width: 76px; padding-right: 4px; }
.inline { font-size: 13.5px; color: var(--quiet); }
.alarm .inline, .alarm h3 { color: var(--text); }
.outcome { margin-bottom: 12px; padding: 8px 12px; border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 8px; font-size: 13.5px; scroll-margin-top: 64px; }
.outcome:focus { outline: 0; }
.outcome.failed { border-left-color: var(--alarm); color: var(--alarm); }
.user {
  display: grid; grid-template-columns: minmax(200px, 1fr) minmax(0, 2fr) 84px; gap: 12px 24px; align-items: start;
  padding: 14px 0; border-top: 1px solid var(--line);
}
.user:first-child { border-top: 0; padding-top: 0; }
.user > form { justify-content: flex-end; }
.user .person { padding: 0; border: 0; }
.memberships { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
.membership { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
.place { min-width: 96px; font-size: 14px; }
details summary { color: var(--accent); font-size: 13.5px; cursor: pointer; width: fit-content; border-radius: 6px; }
details form { margin-top: 8px; }
.dashboard table { width: 100%; border-collapse: collapse; font-size: 13.5px; }
.dashboard th { padding: 0 12px 6px 0; color: var(--quiet); font-size: 12.5px; font-weight: 600; text-align: left; white-space: nowrap; }
.dashboard td { padding: 8px 12px 8px 0; border-top: 1px solid var(--line); vertical-align: top; }
.dashboard td code { margin-right: 4px; }
.dashboard td > div > code:only-of-type { display: block; }
.dashboard :is(th, td):last-child { padding-right: 0; }
.dashboard td time { white-space: nowrap; }
.dashboard section :is(h3, p) + table { margin-top: 8px; }
.dashboard [data-part="organizations"] h3 { margin: 20px 0 0; }
#requests { display: flex; flex-direction: column; }
.scrolled { flex: 1 1 300px; min-height: 300px; height: 0; margin-top: 10px; overflow-y: auto; border-radius: 8px; }
.requests { table-layout: fixed; }
.requests th { position: sticky; top: 0; background: var(--card); }
.requests th:nth-child(1) { width: 72px; } .requests th:nth-child(3) { width: 58px; } .requests th:nth-child(4) { width: 84px; }
.requests td { padding-block: 5px; }
.requests code { color: var(--text); }
.requests td:nth-child(n + 3), .requests th:nth-child(n + 3) { text-align: right; font-variant-numeric: tabular-nums; }
.answered-4 td:nth-child(3) { color: var(--warn); font-weight: 600; }
.answered-5 td:nth-child(3) { color: var(--alarm); font-weight: 600; }
@media (max-width: 860px) {
  .dashboard { padding: 20px 12px 32px; }
  .dashboard section { padding: 16px; }
  .columns { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .scrolled { flex: none; height: 360px; }
  .user { grid-template-columns: minmax(0, 1fr); }
  .user > form { justify-content: flex-start; }
  .place { width: 100%; }
  table[role="table"], table[role="table"] :is(tbody, tr, td) { display: block; }
  table[role="table"] thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table[role="table"] tr { padding: 10px 0; border-top: 1px solid var(--line); }
  table[role="table"] tr:first-child { border-top: 0; padding-top: 0; }
  table[role="table"] td { display: grid; grid-template-columns: 92px minmax(0, 1fr); padding: 2px 0; border: 0; }
  table[role="table"] td::before { content: attr(data-label); color: var(--quiet); font-size: 12.5px; }
}
@media (max-width: 480px) {
  .switches { grid-template-columns: minmax(0, 1fr); }
  .requests th:nth-child(1) { width: 60px; } .requests th:nth-child(3) { width: 50px; } .requests th:nth-child(4) { width: 66px; }
}
`;
