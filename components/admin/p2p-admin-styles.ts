// How the dashboard's frame looks: navigation at the side where there is room, else at the foot, where thumbs are.

import { css } from 'lit';

export const p2pAdminStyles = css`
  :host { min-block-size: 100dvh; background: var(--ground); }
  .first { display: grid; place-content: center; min-block-size: 100dvh; padding: 24px; text-align: center; }
  .frame {
    display: grid; min-block-size: 100dvh; grid-template: auto minmax(0, 1fr) / 208px minmax(0, 1fr);
    grid-template-areas: 'header main' 'nav main';
  }
  header { grid-area: header; display: grid; grid-template-columns: 1fr; gap: 0; padding: 18px 14px 8px 18px; border-inline-end: 1px solid var(--line); background: var(--card); }
  .brand { display: flex; align-items: center; gap: 9px; font-weight: 650; text-decoration: none; min-inline-size: 0; min-block-size: 32px; border-radius: 6px; }
  .brand .icon { inline-size: 26px; block-size: 26px; color: var(--accent); margin-inline-start: -3px; }
  .brand span { overflow-wrap: anywhere; }
  .about { font-size: 12px; }
  .switches { display: flex; gap: 2px; margin-block-start: 8px; margin-inline-start: -9px; color: var(--soft); }
  nav { grid-area: nav; display: grid; align-content: start; gap: 2px; padding: 8px 10px; border-inline-end: 1px solid var(--line); background: var(--card); }
  nav a { display: flex; align-items: center; gap: 11px; min-block-size: 40px; padding-inline: 11px; border-radius: 8px; color: var(--soft); font-weight: 550; text-decoration: none; }
  nav a[aria-current] { background: var(--raised); color: var(--ink); }
  nav a[aria-current] .icon { color: var(--accent); }
  @media (hover: hover) { nav a:hover { color: var(--ink); background: var(--raised); } }
  main { min-inline-size: 0; inline-size: 100%; max-inline-size: 1480px; padding: 20px 28px 40px; }
  .frame > main { grid-area: main; }
  main.log { display: flex; flex-direction: column; block-size: 100dvh; max-inline-size: none; padding-block-end: 20px; }
  main.log p2p-admin-log { flex: 1; }
  .notice { display: flex; align-items: center; gap: 9px; font-weight: 550; }
  @media (min-width: 900px) { header, nav { position: sticky; inset-block-start: 0; } header { block-size: auto; } nav { inset-block-start: 120px; } }
  @media (max-width: 899px) {
    .frame { grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); grid-template-areas: 'header' 'main'; padding-block-end: calc(60px + env(safe-area-inset-bottom)); }
    header { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 6px 8px 6px 16px; border-inline-end: 0; border-block-end: 1px solid var(--line); }
    .about { display: none; }
    .switches { margin: 0; }
    .brand { min-block-size: 44px; }
    nav {
      position: fixed; inset-inline: 0; inset-block-end: 0; z-index: 2; display: grid; grid-template-columns: repeat(4, 1fr); gap: 0; border: 0; border-block-start: 1px solid var(--line);
      padding: 4px 4px calc(4px + env(safe-area-inset-bottom));
    }
    nav a { flex-direction: column; justify-content: center; gap: 2px; min-block-size: 52px; padding: 0; font-size: 12px; }
    nav a[aria-current] { background: none; }
    main { padding: 14px 12px 28px; }
    main.log { block-size: calc(100dvh - 117px - env(safe-area-inset-bottom)); padding-block-end: 12px; }
  }
`;
