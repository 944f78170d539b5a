// How the dashboard looks: by day and by night as `color-scheme` says. All of its elements share this.

import { css } from 'lit';

export const adminStyles = css`
  :host {
    --ground: light-dark(#f4f5f8, #0d0f12);
    --card: light-dark(#fff, #15181d);
    --raised: light-dark(#eef0f4, #1e2229);
    --line: light-dark(#dfe2e9, #272c34);
    --edge: light-dark(#868e9b, #6c7686);
    --ink: light-dark(#15181d, #eceef1);
    --soft: light-dark(#59616e, #9aa3b0);
    --accent: light-dark(#0a7a67, #3fd6b5);
    --on-accent: light-dark(#fff, #06231d);
    --good: light-dark(#0a7a67, #3fd6b5);
    --warn: light-dark(#8f5200, #ffc061);
    --bad: light-dark(#b3261e, #ff8f87);
    --c0: light-dark(#0b8f78, #3fd6b5); --c1: light-dark(#2f6fe4, #6fb0ff); --c2: light-dark(#c27a10, #ffc061); --c3: light-dark(#c0397f, #ff8cc3);
    --c4: light-dark(#5f8a12, #b5e05c); --c5: light-dark(#7a4fe0, #b9a1ff); --c6: light-dark(#c2481f, #ff9673); --c7: light-dark(#0a84a8, #5fd8f5);
    --c8: light-dark(#8a94a3, #7d8897);
    --corner: 10px;
    display: block; color: var(--ink); font: 400 14px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
    font-variant-numeric: tabular-nums; text-align: start;
  }
  :host([hidden]) { display: none; }
  .c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); } .c4 { color: var(--c4); }
  .c5 { color: var(--c5); } .c6 { color: var(--c6); } .c7 { color: var(--c7); } .c8 { color: var(--c8); }
  *, *::before { box-sizing: border-box; }
  h1, h2, h3, p, dl, dd, ul, figure, pre { margin: 0; padding: 0; }
  ul { list-style: none; }
  h1 { font-size: 21px; line-height: 1.25; font-weight: 650; letter-spacing: -0.015em; overflow-wrap: anywhere; }
  h1:focus { outline: none; }
  h2 { font-size: 14px; line-height: 1.3; font-weight: 650; }
  a { color: inherit; }
  .icon { display: block; inline-size: 20px; block-size: 20px; flex: none; }
  .soft { color: var(--soft); }
  .warn { color: var(--warn); }
  .bad { color: var(--bad); }
  .number { text-align: end; }
  code, pre, .mono { font-family: ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 12.5px; }
  .spoken { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

  .head { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; min-block-size: 40px; margin-block-end: 16px; }
  .head h1 { flex: 1 1 auto; min-inline-size: 0; }
  .head .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
  .card { background: var(--card); border: 1px solid var(--line); border-radius: var(--corner); min-inline-size: 0; }
  .card > h2, .bar { padding: 12px 16px; }
  .bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 6px 12px; border-block-end: 1px solid var(--line); }
  .notice { padding: 10px 16px; margin-block-end: 12px; overflow-wrap: anywhere; }
  .answers { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 8px; margin-block-start: 20px; }
  .empty { display: grid; justify-items: center; gap: 10px; padding: 44px 24px; text-align: center; color: var(--soft); text-wrap: balance; }
  .empty strong { color: var(--ink); font-size: 15px; font-weight: 600; }
  .empty .icon { inline-size: 32px; block-size: 32px; opacity: 0.7; }

  button, .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 7px; min-block-size: 36px; padding: 5px 13px; border: 1px solid var(--line); border-radius: 8px;
    background: var(--card); color: inherit; font: inherit; font-weight: 550; line-height: 1.2; text-decoration: none; white-space: nowrap; cursor: pointer;
  }
  button .icon, .button .icon { inline-size: 17px; block-size: 17px; margin-inline-start: -3px; }
  .primary { border-color: transparent; background: var(--accent); color: var(--on-accent); }
  .danger { color: var(--bad); }
  .primary.danger { background: var(--bad); color: light-dark(#fff, #2b0906); }
  .quiet { border-color: transparent; background: none; }
  .square { inline-size: 36px; padding: 0; }
  .square .icon { margin: 0; inline-size: 19px; block-size: 19px; }
  button:disabled { opacity: 0.5; cursor: default; }
  @media (hover: hover) {
    button:not(:disabled):hover, .button:hover { border-color: var(--edge); }
    .quiet:not(:disabled):hover { border-color: transparent; background: var(--raised); }
    .primary:not(:disabled):hover { border-color: transparent; filter: brightness(1.07); }
  }
  input:where(:not([type='checkbox'], [type='radio'])), select {
    inline-size: 100%; min-block-size: 38px; padding: 5px 11px; border: 1px solid var(--edge); border-radius: 8px; background: var(--card); color: inherit; font: inherit;
  }
  input::placeholder { color: var(--soft); opacity: 1; }
  input[type='checkbox'], input[type='radio'] { inline-size: 17px; block-size: 17px; margin: 0; accent-color: var(--accent); flex: none; }
  [aria-invalid='true'] { border-color: var(--bad) !important; }
  .field { display: grid; gap: 5px; }
  .field > span:first-child, legend { font-size: 13px; font-weight: 550; }
  .field small { font-size: 12.5px; color: var(--soft); }
  .choice { display: flex; align-items: center; gap: 9px; min-block-size: 30px; }
  .segments { display: inline-flex; padding: 2px; border-radius: 9px; background: var(--raised); }
  .segments button { min-block-size: 32px; padding-inline: 11px; border-color: transparent; border-radius: 7px; background: none; color: var(--soft); font-size: 13px; }
  .segments button[aria-pressed='true'] { background: var(--card); color: var(--ink); box-shadow: 0 1px 2px rgb(0 0 0 / 0.16); }

  .state { display: inline-flex; align-items: center; gap: 7px; white-space: nowrap; }
  .state::before { content: ''; inline-size: 8px; block-size: 8px; border-radius: 50%; background: var(--soft); flex: none; }
  .state.live::before { background: var(--good); box-shadow: 0 0 0 3px color-mix(in srgb, var(--good) 22%, transparent); }
  .state.starting::before { background: var(--warn); }
  .state.failed { color: var(--bad); }
  .state.failed::before { background: var(--bad); }
  .state.waiting::before, .state.stopped::before, .state.ended::before { background: none; border: 1.5px solid var(--soft); }
  .tag { display: inline-flex; align-items: center; gap: 5px; padding: 1px 7px; border-radius: 6px; background: var(--raised); color: var(--soft); font-size: 12px; font-weight: 550; white-space: nowrap; }
  .tag.recording { color: var(--bad); }
  .tag.recording::before { content: ''; inline-size: 7px; block-size: 7px; border-radius: 50%; background: currentColor; }

  /* Tables stand in columns where there is room, else each row is a card of its own. */
  table { inline-size: 100%; border-collapse: collapse; }
  th, td { padding: 9px 10px; text-align: start; vertical-align: middle; border-block-start: 1px solid var(--line); }
  th:first-child, td:first-child { padding-inline-start: 16px; }
  th:last-child, td:last-child { padding-inline-end: 16px; }
  thead th { padding-block: 8px; border: 0; font-size: 12.5px; font-weight: 500; color: var(--soft); white-space: nowrap; }
  tbody th { font-weight: 600; overflow-wrap: anywhere; }
  .number { text-align: end; white-space: nowrap; }
  td:has(> .acts) { padding-block: 4px; }
  .acts { display: flex; justify-content: flex-end; gap: 2px; }
  @media (max-width: 719px) {
    .stacks thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
    .stacks, .stacks tbody { display: block; }
    .stacks tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(96px, 1fr)); gap: 8px 14px; padding: 12px 16px; border-block-start: 1px solid var(--line); }
    .stacks tbody tr:first-child { border: 0; }
    .stacks :is(th, td) { display: block; padding: 0; border: 0; text-align: start; }
    .stacks tbody th, .stacks .wide { grid-column: 1 / -1; }
    .stacks td[data-label]::before { content: attr(data-label); display: block; font-size: 12px; color: var(--soft); }
    .stacks .acts { justify-content: flex-start; margin-inline-start: -8px; }
    .stacks td:empty, .stacks td:has(> .acts:empty) { display: none; }
    button, .button, .segments button, select { min-block-size: 44px; }
    .square { inline-size: 44px; }
    input:where(:not([type='checkbox'], [type='radio'])), select { min-block-size: 44px; font-size: 16px; }
    .choice { min-block-size: 44px; }
  }
  @media (forced-colors: active) {
    .state::before, .tag.recording::before { forced-color-adjust: none; }
    .segments button[aria-pressed='true'] { outline: 2px solid Highlight; }
  }
`;
