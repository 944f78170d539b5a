// How the panel of figures looks: light or dark as the page's `color-scheme` says. It comes with the panel.

let sheet: CSSStyleSheet | undefined;

/** One sheet for all panels of a page. */
export function statsPanelStyles(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}

const css = `
.stats { --viewers: var(--p2p-live-viewers-color, light-dark(#0b8f78, #3fd6b5)); --relay: var(--p2p-live-relay-color, light-dark(#8a94a3, #7d8897)); --line: light-dark(#2f6fe4, #6fb0ff); }
.stats dl { display: grid; gap: 6px 12px; grid-template-columns: auto auto minmax(40px, 1fr); margin: 0; align-items: center; }
.stats dl > div { display: contents; }
.stats dt, .stats dd { margin: 0; white-space: nowrap; }
.stats dt { opacity: 0.78; }
.stats dd { text-align: end; font-weight: 600; font-variant-numeric: tabular-nums; }
.stats dt { grid-column: 1; }
.stats dd[aria-hidden] { grid-column: 3; }
.stats dd[aria-hidden] { block-size: 24px; direction: ltr; border-block-end: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
.stats path { fill: var(--line); fill-opacity: 0.35; stroke: var(--line); stroke-width: 1.25px; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.stats path.viewers { fill: var(--viewers); stroke: none; fill-opacity: 1; }
.stats path.relay { fill: var(--relay); stroke: none; fill-opacity: 1; }
.stats path.passedOn { --line: light-dark(#6d5ae0, #a294ff); }
.stats .fromViewers dt::before, .stats .fromRelay dt::before { content: ''; display: inline-block; inline-size: 9px; block-size: 9px; margin-inline: 8px 6px; border-radius: 2px; background: var(--viewers); forced-color-adjust: none; }
.stats .fromRelay dt::before { background: var(--relay); }
.stats:dir(rtl) svg { transform: scaleX(-1); }
@container (block-size < 340px) { .stats dl { gap: 0 8px; } .stats dd[aria-hidden] { block-size: 12px; } }
@media (forced-colors: active) { .stats path, .stats path.passedOn { forced-color-adjust: none; --line: CanvasText; } }
`;
