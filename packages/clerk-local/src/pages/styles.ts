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
body {
  margin: 0; min-height: 100vh; padding: 24px 16px; display: grid; place-items: center; background: var(--page);
  color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { width: 100%; max-width: 416px; }
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: 16px; box-shadow: var(--shadow);
  padding: 32px 32px 28px;
}
.note {
  margin: 16px auto 0; padding: 6px 12px; width: fit-content; border: 1px solid var(--note-line); border-radius: 999px;
  background: var(--note); color: var(--note-text); font-size: 12.5px; text-align: center;
}
h1 { margin: 0; font-size: 20px; line-height: 1.3; letter-spacing: -0.01em; text-align: center; overflow-wrap: anywhere; }
h2 { margin: 24px 0 8px; font-size: 13px; font-weight: 600; color: var(--quiet); }
p { margin: 0; }
a { color: var(--accent); }
.lead { margin-top: 6px; color: var(--quiet); text-align: center; overflow-wrap: anywhere; }
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
.email { display: block; color: var(--quiet); font-size: 13.5px; line-height: 1.35; overflow-wrap: anywhere; }
.tag { margin-left: 6px; padding: 1px 7px; border: 1px solid var(--line); border-radius: 999px; font-size: 11.5px; font-weight: 500; color: var(--quiet); }
.account { margin-top: 20px; }
.account .person { background: var(--hover); border-color: transparent; }
.switch { margin-top: 6px; text-align: right; }
.link { padding: 2px 4px; border: 0; border-radius: 6px; background: none; color: var(--accent); font: inherit; font-size: 13.5px; cursor: pointer; }
.link:hover { text-decoration: underline; }
.scopes { border: 1px solid var(--line); border-radius: 12px; }
.scopes li { padding: 9px 14px; border-top: 1px solid var(--line); }
.scopes li:first-child { border-top: 0; }
code { color: var(--quiet); font: 12.5px/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.scopes code { display: block; }
label { display: block; margin: 24px 0 8px; font-size: 13px; font-weight: 600; color: var(--quiet); }
select {
  width: 100%; padding: 9px 12px; border: 1px solid var(--line); border-radius: 10px; background: var(--card);
  color: inherit; font: inherit;
}
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
`;
