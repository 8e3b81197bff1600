/** The page's style sheet; its hash is in the Content-Security-Policy. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f3f3f6; --card: #fff; --text: #1b1b22; --quiet: #5b5b69; --line: #e2e2e9; --code: #f6f6f9;
  --accent: #5a45dd; --hover: #ececf3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121217; --card: #1c1c23; --text: #f1f1f5; --quiet: #a9a9b8; --line: #33333f; --code: #15151b;
    --accent: #a394ff; --hover: #2b2b36;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 48px 20px 64px; background: var(--page); color: var(--text);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 720px; margin: 0 auto; }
h1 { margin: 0; font-size: 30px; line-height: 1.2; letter-spacing: -0.02em; overflow-wrap: anywhere; }
h2 { margin: 40px 0 12px; font-size: 18px; letter-spacing: -0.01em; }
h3 { margin: 0; font-size: 15px; }
p { margin: 4px 0 0; color: var(--quiet); overflow-wrap: anywhere; }
.lead { margin-top: 8px; font-size: 17px; }
a { color: var(--accent); }
.state {
  margin-top: 16px; padding: 14px 16px; border: 1px solid var(--line); border-radius: 12px; background: var(--card);
}
.state strong { color: var(--text); }
ul { margin: 0; padding: 0; list-style: none; border: 1px solid var(--line); border-radius: 16px; background: var(--card); }
li { padding: 16px 20px 18px; }
li + li { border-top: 1px solid var(--line); }
details { margin-top: 16px; }
summary { padding: 4px 0; cursor: pointer; color: var(--quiet); }
details ul { margin-top: 8px; }
.add {
  display: inline-block; margin: 6px 0 4px; padding: 3px 12px; border: 1px solid var(--line); border-radius: 8px;
  text-decoration: none;
}
.add:hover { background: var(--hover); }
.paste { position: relative; margin-top: 10px; }
.paste + p { margin-top: 10px; }
.lead + .paste { margin-top: 20px; }
pre {
  margin: 0; padding: 10px 14px; border: 1px solid var(--line); border-radius: 10px; background: var(--code);
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.with-copy pre { padding-right: 84px; }
code { font: 13px/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; color: var(--text); }
button {
  position: absolute; top: 6px; right: 6px; padding: 3px 10px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--card); color: var(--text); font: inherit; font-size: 13px; cursor: pointer;
}
button:hover { background: var(--hover); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
footer { margin-top: 32px; }
@media (max-width: 480px) { body { padding-top: 28px; } li { padding: 14px; } }
`;
