// The style of the page to watch and to share, and of the one that says what is wrong.

export const WATCH_STYLE = `:root {
  color-scheme: light dark;
  --ground: light-dark(#fbfbfc, #0d0f12);
  --raised: light-dark(#f0f1f4, #15181d);
  --line: light-dark(#dcdfe5, #262a31);
  --text: light-dark(#15181d, #eceef1);
  --soft: light-dark(#5b6370, #9aa1ac);
  font: 15px / 1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  background: var(--ground);
  color: var(--text);
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
}
main {
  max-inline-size: 1200px;
  margin-inline: auto;
  padding: 32px 32px 64px;
}
/* Low windows show all of the picture and the name below it. */
.stage {
  inline-size: min(100%, (100svh - 96px) * 16 / 9);
  min-inline-size: min(100%, 320px);
  margin-inline: auto;
  aspect-ratio: 16 / 9;
  background: #0a0b0d;
  overflow: hidden;
}
h1 {
  margin: 18px 0 40px;
  font-size: 22px;
  line-height: 1.25;
  font-weight: 650;
  letter-spacing: -0.015em;
  overflow-wrap: anywhere;
}
h2 {
  margin: 0 0 20px;
  font-size: 17px;
  font-weight: 650;
}
.snippet {
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  align-items: end;
  gap: 8px 16px;
  padding-block: 20px;
  border-block-start: 1px solid var(--line);
}
h3,
.snippet p,
pre {
  grid-column: 1;
  margin: 0;
}
h3 {
  font-size: 15px;
  font-weight: 600;
}
.snippet p {
  margin-block-start: -8px;
  color: var(--soft);
}
pre {
  grid-column: 1 / -1;
  padding: 12px 14px;
  border-radius: 8px;
  background: var(--raised);
  font: 13px / 1.6 ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
  user-select: all;
  -webkit-user-select: all;
}
button {
  grid-column: 2;
  grid-row: 1 / 3;
  min-inline-size: 92px;
  min-block-size: 40px;
  padding-inline: 16px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--raised);
  color: inherit;
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button:hover {
  border-color: var(--soft);
}
:focus-visible {
  outline: 2px solid currentColor;
  outline-offset: 2px;
}
.message {
  max-inline-size: 560px;
  padding-block-start: 18vh;
}
.message p {
  margin: -28px 0 0;
  color: var(--soft);
  overflow-wrap: anywhere;
}
/* Where there is little room the picture takes all of it. */
@media (max-width: 640px) {
  main {
    padding: 0 20px 48px;
  }
  .stage {
    inline-size: auto;
    margin-inline: -20px;
  }
}
`;
