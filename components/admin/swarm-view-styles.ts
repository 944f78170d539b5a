// How the drawn swarm looks.

import { css } from 'lit';

export const swarmViewStyles = css`
  .board { display: grid; grid-template-columns: minmax(0, 1fr) 260px; }
  .sky { background: radial-gradient(70% 70% at 50% 50%, light-dark(#eef3fb, #131a2a), light-dark(#fbfcfe, #0e1218)); min-inline-size: 0; border-end-start-radius: var(--corner); }
  .drawing { display: block; inline-size: 100%; max-block-size: 620px; touch-action: manipulation; }
  .drawing text { font-size: 13px; font-weight: 600; fill: var(--ink); text-anchor: middle; paint-order: stroke; stroke: light-dark(#f6f9fd, #10151f); stroke-width: 3.5px; stroke-linejoin: round; }
  .ring { fill: none; stroke: var(--ink); stroke-opacity: 0.22; stroke-dasharray: 1 6; stroke-linecap: round; }
  .strand { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-opacity: 0.5; transition: d 0.6s ease, stroke-opacity 0.2s; }
  .choosing .strand:not(.near) { stroke-opacity: 0.1; }
  .strand.near { stroke-width: 2.6; stroke-opacity: 1; stroke-dasharray: 2 7; stroke-linecap: round; animation: flow 1.2s linear infinite; }
  @keyframes flow { to { stroke-dashoffset: -18px; } }
  .relay circle { fill: var(--card); stroke: var(--edge); stroke-width: 1.5; }
  .drawing .relay text { stroke: none; font-size: 12px; }
  .star { cursor: pointer; transition: transform 0.6s ease; outline: none; }
  .reach { fill: transparent; stroke: none; }
  .star:focus-visible .reach { stroke: var(--accent); stroke-width: 2.5; }
  .core { fill: currentColor; stroke: light-dark(#fff, #0e1218); stroke-width: 1.5; }
  .leaf { color: var(--edge); }
  .leaf .core { fill: light-dark(#fff, #171c25); stroke: currentColor; stroke-width: 2; }
  .source .core { fill: var(--ink); }
  .adrift .core { stroke-dasharray: 3 3; }
  .chosen .reach { stroke: var(--ink); stroke-width: 1.5; }
  .chosen text { font-size: 15px; }
  .side { padding: 16px; border-inline-start: 1px solid var(--line); font-size: 13px; }
  .side h3 { font-size: 16px; font-weight: 650; margin-block-end: 10px; }
  .side code { font-weight: 400; color: var(--soft); }
  .facts { display: grid; gap: 7px; }
  .facts div { display: flex; justify-content: space-between; gap: 14px; }
  dt { color: var(--soft); white-space: nowrap; }
  dd { text-align: end; overflow-wrap: anywhere; }
  .giver { display: block; }
  .hint { margin-block-start: 14px; }
  .stripe { display: inline-block; min-inline-size: 17px; margin-inline-start: 2px; border: 1px solid currentColor; border-radius: 4px; font-style: normal; font-size: 11px; line-height: 15px; font-weight: 600; text-align: center; }
  .swatch { inline-size: 9px; block-size: 9px; border-radius: 3px; background: currentColor; forced-color-adjust: none; }
  .stripes { flex-wrap: wrap; }
  .more { grid-column: 1 / -1; padding: 8px 16px; border-block-start: 1px solid var(--line); font-size: 13px; }
  @media (max-width: 899px) {
    .board { grid-template-columns: minmax(0, 1fr); }
    .side { border-inline-start: 0; border-block-start: 1px solid var(--line); }
    .stripes button { padding-inline: 10px; min-block-size: 40px; }
    .drawing text { font-size: 19px; }
    .drawing .relay text { font-size: 15px; }
  }
  @media (prefers-reduced-motion: reduce) {
    .strand, .star { transition: none; }
    .strand.near { animation: none; }
  }
  @media (forced-colors: active) { .drawing { forced-color-adjust: none; } }
`;
