// How <p2p-stats> looks: by day and by night as the page's `color-scheme` says, from 280 px up.

import { css } from 'lit';

/**
 * Light or dark as the `color-scheme` of its place says. Pages change it by properties of the element, and by its parts.
 * @cssprop --p2p-stats-background - behind facts and table: white, or near black
 * @cssprop --p2p-stats-color - words: near black, or white
 * @cssprop --p2p-stats-soft-color - what is less important
 * @cssprop --p2p-stats-sky-top - the middle of the sky
 * @cssprop --p2p-stats-sky-bottom - its edges
 * @cssprop --p2p-stats-viewers-color - what comes from viewers: green
 * @cssprop --p2p-stats-relay-color - what comes from the relay: grey
 * @cssprop --p2p-stats-upload-color - what is passed on: violet
 * @cssprop [--p2p-stats-radius=12px] - its corners
 * @cssprop [--p2p-stats-font=system-ui] - font family
 * @csspart board - all that is in the element
 * @csspart sky - the drawing of the neighbours
 * @csspart facts - the figures and the chart
 * @csspart share - how much came from viewers
 * @csspart chart - what came and went in the last minute
 * @csspart neighbours - the table of the neighbours
 */
export const p2pStatsStyles = css`
  :host {
    --ground: var(--p2p-stats-background, light-dark(#fff, #15181d));
    --sky-top: var(--p2p-stats-sky-top, light-dark(#eef3fb, #131a2a));
    --sky-bottom: var(--p2p-stats-sky-bottom, light-dark(#f8fafd, #0c0f15));
    --ink: var(--p2p-stats-color, light-dark(#171a1f, #eceef1));
    --soft: var(--p2p-stats-soft-color, light-dark(#59626f, #9aa4b2));
    --rule: light-dark(rgb(15 23 42 / 0.1), rgb(255 255 255 / 0.09));
    --viewers: var(--p2p-stats-viewers-color, light-dark(#0b8f78, #3fd6b5));
    --asked: light-dark(#74c7b6, #23786a);
    --relayed: var(--p2p-stats-relay-color, light-dark(#8a94a3, #7d8897));
    --given: var(--p2p-stats-upload-color, light-dark(#6d5ae0, #a294ff));
    --s0: light-dark(#0b8f78, #3fd6b5); --s1: light-dark(#2f6fe4, #6fb0ff); --s2: light-dark(#b4690e, #ffc061); --s3: light-dark(#c0397f, #ff8cc3);
    --s4: light-dark(#5f8a12, #b5e05c); --s5: light-dark(#7a4fe0, #b9a1ff); --s6: light-dark(#c2481f, #ff9673); --s7: light-dark(#0a84a8, #5fd8f5);
    display: block; box-sizing: border-box; container: p2p-stats / inline-size; overflow: hidden; min-inline-size: 0;
    border-radius: var(--p2p-stats-radius, 12px); background: var(--ground); color: var(--ink);
    font: 400 14px/1.4 var(--p2p-stats-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    font-variant-numeric: tabular-nums; text-align: start;
  }
  :host([hidden]) { display: none; }
  .board { display: grid; grid-template-columns: minmax(0, 1fr); }
  p, dl, dd, figure { margin: 0; }
  svg { display: block; }

  /* The sky */
  .sky { position: relative; block-size: 350px; overflow: hidden; background: radial-gradient(90% 90% at 50% 45%, var(--sky-top), var(--sky-bottom)); }
  .drawing { position: absolute; inset: 0; direction: ltr; inline-size: 100%; block-size: 100%; }
  .drawing text { font-size: 12px; font-weight: 600; fill: var(--ink); text-anchor: middle; paint-order: stroke; stroke: var(--sky-bottom); stroke-width: 3px; stroke-linejoin: round; }
  .drawing text.time { font-size: 11px; font-weight: 400; fill: var(--soft); }
  .backdrop { fill: var(--ink); opacity: 0.16; }
  .say {
    position: absolute; inset-inline: 0; inset-block-end: 0; padding: 8px 16px 10px; text-align: center; font-size: 13px; color: var(--soft); text-wrap: balance;
  }
  .strand { color: var(--soft); }
  .strand path { fill: none; stroke: currentColor; transition: d 0.6s ease; }
  .line { stroke-width: 1.5; opacity: 0.45; }
  .out .line { opacity: 0.26; }
  .dots { stroke-linecap: round; transition: d 0.6s ease, stroke-width 0.6s; }
  .v1 { stroke-dasharray: 0 36; } .v2 { stroke-dasharray: 0 18; } .v3 { stroke-dasharray: 0 12; }
  /* One animation for all dots, ten steps a second: as many strands at the browser's full rate cost three times as much */
  .drawing { animation: flow 2s steps(20) infinite; }
  .missing .drawing, .idle .drawing { animation: none; }
  .line, .share, .ghosts, .core { stroke-dashoffset: 0; }
  .strand .head { fill: currentColor; stroke: none; }
  .out .dots { opacity: 0.7; }
  .spare .line, .connecting .line { stroke-dasharray: 2 6; stroke-linecap: round; opacity: 0.45; }
  .asked .line { stroke-dasharray: 5 5; }
  .s0 { color: var(--s0); } .s1 { color: var(--s1); } .s2 { color: var(--s2); } .s3 { color: var(--s3); }
  .s4 { color: var(--s4); } .s5 { color: var(--s5); } .s6 { color: var(--s6); } .s7 { color: var(--s7); }
  @keyframes flow { to { stroke-dashoffset: -36px; } }

  .relay rect { fill: var(--ground); stroke: var(--relayed); stroke-width: 1.5; }
  .relay circle { fill: var(--ink); }
  .relay path { fill: none; stroke: var(--ink); stroke-width: 1.6; stroke-linecap: round; opacity: 0.7; }
  .drawing .relay text { text-anchor: start; }
  .you .halo { fill: var(--viewers); opacity: 0.09; }
  .you .glow { fill: var(--viewers); opacity: 0.045; }
  .you .ring { fill: var(--ground); stroke: var(--relayed); stroke-width: 5; stroke-opacity: 0.55; }
  .you .share { fill: none; stroke: var(--viewers); stroke-width: 5; transition: stroke-dasharray 0.8s ease; }
  .drawing .you text { font-size: 14px; font-weight: 650; stroke: none; }
  .away { opacity: 0.45; }
  .peer { color: var(--soft); transition: transform 0.6s ease; animation: appear 0.5s both; }
  .peer.gives { color: var(--viewers); }
  .peer.takes { color: var(--given); }
  .peer.gives.takes { color: var(--viewers); }
  .peer .halo { fill: currentColor; opacity: 0.16; }
  .peer .core { fill: currentColor; stroke: currentColor; stroke-width: 0; }
  .peer.gives.takes .core { stroke: var(--given); stroke-width: 3; }
  .peer:not(.gives, .takes) .core { fill: var(--sky-bottom); stroke-width: 1.5; }
  .peer.connecting .core { stroke-dasharray: 2.5 2.5; }
  .ghosts { fill: none; stroke: var(--soft); stroke-width: 1.2; opacity: 0.5; }
  .ghosts ellipse { stroke-dasharray: 1 7; stroke-linecap: round; }
  .ghosts circle { stroke-dasharray: 3 3.5; fill: var(--sky-bottom); }
  @keyframes appear { from { opacity: 0; } }

  /* The figures */
  .facts { padding: 16px 18px 14px; display: grid; gap: 14px; align-content: start; min-inline-size: 0; }
  .big { display: flex; align-items: baseline; gap: 10px; }
  .big strong { font-size: 44px; line-height: 1; font-weight: 650; letter-spacing: -0.03em; color: var(--viewers); }
  .big.none strong { color: var(--soft); }
  .big small { font-size: 0.5em; font-weight: 600; margin-inline-start: 0.12em; letter-spacing: 0; }
  .big span { color: var(--soft); white-space: nowrap; }
    .chart svg { inline-size: 100%; block-size: 104px; }
  .axis { stroke: var(--soft); opacity: 0.5; vector-effect: non-scaling-stroke; stroke-width: 1; }
  .scale { display: block; margin-block-end: 3px; padding-block-end: 2px; border-block-end: 1px dashed var(--rule); font-size: 11px; line-height: 1.2; color: var(--soft); }
  figcaption { display: flex; justify-content: space-between; margin-block-start: 4px; font-size: 11px; color: var(--soft); }
  path.pushed { fill: var(--viewers); } path.pulled { fill: var(--asked); } path.relayed { fill: var(--relayed); } path.uploaded { fill: var(--given); }
  .swatch { display: inline-block; inline-size: 9px; block-size: 9px; border-radius: 3px; margin-inline-end: 8px; background: currentColor; }
  div.pushed .swatch { color: var(--viewers); } div.pulled .swatch { color: var(--asked); }
  div.relayed .swatch { color: var(--relayed); } div.uploaded .swatch { color: var(--given); }
  .rates { display: grid; gap: 6px; font-size: 13px; }
  .rates div { display: flex; justify-content: space-between; gap: 12px; }
  dt { color: var(--soft); }
  dt, dd { white-space: nowrap; }
  .rates small { display: inline-block; min-inline-size: 66px; text-align: end; color: var(--soft); font-size: 12px; }
  .small { display: grid; grid-template-columns: repeat(auto-fill, minmax(100px, 1fr)); gap: 8px 14px; padding-block-start: 12px; border-block-start: 1px solid var(--rule); font-size: 12px; }
  .small dd { font-size: 13px; }

  /* The neighbours in words */
  .neighbours { border-block-start: 1px solid var(--rule); font-size: 13px; }
  summary { padding: 11px 18px; cursor: pointer; color: var(--soft); border-radius: 8px; }
  summary:focus-visible { outline: 2px solid currentColor; outline-offset: -4px; }
  @media (hover: hover) { summary:hover { color: var(--ink); } }
  .scroll { overflow-x: auto; padding: 0 18px 14px; }
  table { inline-size: 100%; border-collapse: collapse; }
  th, td { padding: 5px 12px 5px 0; text-align: start; font-weight: 400; white-space: nowrap; border-block-start: 1px solid var(--rule); }
  thead th { border: 0; color: var(--soft); font-size: 12px; }
  tbody th { font-weight: 600; }
  code { font: 11px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; color: var(--soft); }
  .stripe { display: inline-block; min-inline-size: 16px; margin-inline-end: 3px; border-radius: 4px; font: 600 11px/16px inherit; text-align: center; border: 1px solid currentColor; font-style: normal; font-size: 11px; line-height: 14px; }

  @container p2p-stats (inline-size >= 680px) {
    .board { grid-template-columns: minmax(0, 1.25fr) minmax(320px, 1fr); }
    .sky { block-size: auto; min-block-size: 400px; }
    .neighbours { grid-column: 1 / -1; }
    .facts { padding: 20px 22px 16px; }
    .big strong { font-size: 52px; }
    .small { grid-template-columns: repeat(3, 1fr); }
  }
  @container p2p-stats (inline-size < 420px) {
    .drawing text { font-size: 11px; }
    code { display: none; }
  }
  @container p2p-stats (inline-size < 330px) {
    .facts { padding-inline: 14px; }
    .rates small { display: none; }
    .big { gap: 8px; }
    .big strong { font-size: 38px; }
    .big span { font-size: 13px; }
  }
  .unseen .drawing { animation-play-state: paused; }
  @media (prefers-reduced-motion: reduce) {
    .drawing, .peer { animation: none; }
    .strand path, .peer, .you .share { transition: none; }
  }
  @media (forced-colors: active) {
    .swatch, .chart path, .drawing { forced-color-adjust: none; }
  }
`;
