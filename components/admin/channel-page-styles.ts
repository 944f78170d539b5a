// How the page of a channel is laid out.

import { css } from 'lit';

export const channelPageStyles = css`
  .way { margin-block-end: 2px; }
  .way a { display: inline-flex; align-items: center; gap: 3px; min-block-size: 32px; margin-inline-start: -5px; padding-inline-end: 8px; color: var(--soft); text-decoration: none; border-radius: 6px; }
  .way .icon { inline-size: 18px; block-size: 18px; }
  @media (hover: hover) { .way a:hover { color: var(--ink); } }
  .top { display: grid; gap: 12px; grid-template: auto 1fr / minmax(0, 1.6fr) minmax(300px, 1fr); align-items: start; }
  .beside { grid-area: 1 / 2 / 3; }
  .stage { border-radius: var(--corner); overflow: hidden; background: #0a0b0d; aspect-ratio: 16 / 9; }
  p2p-live { display: block; inline-size: 100%; block-size: 100%; }
  .inside { padding: 12px 16px 14px; display: grid; gap: 6px; }
  .url { overflow-wrap: anywhere; }
  .deeds { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 6px; }
  .deeds:empty { display: none; }
  .facts dl { display: grid; padding: 10px 16px; gap: 5px; }
  .facts dl + dl { border-block-start: 1px solid var(--line); }
  .facts dl:empty { display: none; }
  .facts dl > div { display: flex; justify-content: space-between; gap: 16px; font-size: 13px; }
  dt { color: var(--soft); }
  dd { font-weight: 550; text-align: end; }
  p2p-admin-swarm, p2p-admin-charts, p2p-admin-viewers { margin-block-start: 12px; }
  p2p-admin-charts { margin-block-start: 22px; }
  @media (max-width: 999px) { .top { grid-template: none / minmax(0, 1fr); } .beside { grid-area: auto; } }
  @media (max-width: 719px) { .way a { min-block-size: 44px; } .head .tools { inline-size: 100%; justify-content: space-between; } }
`;
