// How <p2p-live> looks. Sizes follow the element's own box (container queries), directions follow the text's.

import { css } from 'lit';

export const p2pLiveStyles = css`
  :host {
    display: block; position: relative; box-sizing: border-box; overflow: hidden;
    inline-size: 100%; aspect-ratio: var(--p2p-live-aspect-ratio, 16 / 9);
    border-radius: var(--p2p-live-radius, 0);
    background: var(--p2p-live-background, #0a0b0d); color: var(--p2p-live-color, #fff);
    font: 400 14px/1.4 var(--p2p-live-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    -webkit-font-smoothing: antialiased; text-align: start; user-select: none; -webkit-user-select: none;
  }
  :host([hidden]) { display: none; }
  :host(:fullscreen) { border-radius: 0; aspect-ratio: auto; block-size: 100%; }
  .frame { position: absolute; inset: 0; container: p2p-live / size; outline: none; }
  .frame.quiet { cursor: none; }
  .frame:focus-visible::after {
    content: ''; position: absolute; inset: 0; z-index: 3; pointer-events: none; border-radius: inherit;
    border: 2px solid var(--p2p-live-focus-color, #fff); outline: 2px solid rgb(0 0 0 / 0.55); outline-offset: -4px;
  }
  .surface, video { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; }
  video { display: block; object-fit: var(--p2p-live-object-fit, contain); }
  p { margin: 0; }
  svg { display: block; inline-size: 100%; block-size: 100%; }
  button { font: inherit; color: inherit; cursor: pointer; -webkit-tap-highlight-color: transparent; }
  button:focus-visible { outline: 2px solid var(--p2p-live-focus-color, #fff); outline-offset: 3px; }

  /* Over the picture: the states */
  .screen {
    position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 14px;
    padding: 16px; text-align: center; pointer-events: none;
  }
  .screen.none, .screen.start { display: none; }
  .screen.waiting, .screen.interrupted, .screen.ended, .screen.failed {
    background: radial-gradient(120% 120% at 50% 0%, rgb(32 36 44 / 0.86), rgb(10 11 13 / 0.94) 70%);
  }
  .screen.connecting::before, .screen.reconnecting::before, .screen.buffering::before {
    content: ''; position: absolute; inset: 0; animation: appear 0.3s 0.3s both;
    background: radial-gradient(closest-side, rgb(0 0 0 / 0.5), transparent);
  }
  .screen > * { position: relative; }
  .notice { display: grid; justify-items: center; max-inline-size: 46ch; animation: appear 0.25s ease-out both; }
  .notice-icon { inline-size: 36px; block-size: 36px; margin-block-end: 12px; color: rgb(255 255 255 / 0.62); }
  .failed .notice-icon { color: #ffb454; }
  .title { font-size: 18px; line-height: 1.3; font-weight: 600; letter-spacing: -0.01em; overflow-wrap: anywhere; text-wrap: balance; }
  .detail { margin-block-start: 6px; color: rgb(255 255 255 / 0.72); overflow-wrap: anywhere; text-wrap: balance; }
  .retry {
    display: inline-flex; align-items: center; gap: 8px; margin-block-start: 18px; min-block-size: 40px; padding: 0 16px;
    border: 0; border-radius: 20px; background: rgb(255 255 255 / 0.14); font-weight: 600; pointer-events: auto; transition: background-color 0.12s;
  }
  .retry svg { inline-size: 18px; block-size: 18px; }
  .late { padding: 3px 12px; border-radius: 14px; background: rgb(10 11 13 / 0.6); font-size: 13px; color: rgb(255 255 255 / 0.9); animation: appear 0.2s 0.3s both; }
  .spoken { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

  /* Shown only after 0.3 s, so that a short wait does not flicker */
  .spinner {
    inline-size: 44px; block-size: 44px; box-sizing: border-box; border-radius: 50%; border: 3px solid rgb(255 255 255 / 0.22);
    border-block-start-color: #fff; filter: drop-shadow(0 1px 4px rgb(0 0 0 / 0.5));
    animation: appear 0.2s 0.3s both, turn 0.9s linear infinite;
  }
  .pulse { display: block; inline-size: 100%; block-size: 100%; animation: breathe 2.4s ease-in-out infinite; }
  @keyframes appear { from { opacity: 0; } }
  @keyframes turn { to { rotate: 360deg; } }
  @keyframes breathe { 50% { opacity: 0.4; } }

  /* Over the picture: what to touch */
  .start-button, .unmute { position: absolute; z-index: 2; border: 0; display: inline-flex; align-items: center; }
  .start-button {
    inset: 0; margin: auto; inline-size: 76px; block-size: 76px; justify-content: center; padding: 0; border-radius: 50%;
    background: rgb(16 18 22 / 0.72); box-shadow: 0 0 0 1px rgb(255 255 255 / 0.16), 0 8px 32px rgb(0 0 0 / 0.4);
    -webkit-backdrop-filter: blur(12px); backdrop-filter: blur(12px); transition: background-color 0.15s, scale 0.15s;
  }
  .start-button svg { inline-size: 36px; block-size: 36px; margin-inline-start: 2px; }
  .start-button:dir(rtl) svg { margin-inline: 0; }
  .unmute {
    inset-block-start: 16px; inset-inline-start: 16px; gap: 10px; min-block-size: 44px; padding-inline: 14px 18px; border-radius: 22px;
    background: #fff; color: #111318; font-weight: 600; font-size: 15px; box-shadow: 0 4px 20px rgb(0 0 0 / 0.35); animation: appear 0.2s both;
  }
  .unmute svg { inline-size: 22px; block-size: 22px; }
  .unmute:focus-visible { outline-color: #111318; outline-offset: -5px; }
  @media (hover: hover) {
    .start-button:hover { background: rgb(16 18 22 / 0.9); scale: 1.04; }
    .retry:hover { background: rgb(255 255 255 / 0.24); }
    .unmute:hover { background: #e9ebef; }
  }

  /* The bar */
  .bar {
    position: absolute; z-index: 1; inset-inline: 0; inset-block-end: 0; display: flex; align-items: center; gap: 2px;
    padding: 40px 10px 8px; pointer-events: none; transition: opacity 0.2s;
    background: var(--p2p-live-controls-background, linear-gradient(transparent, rgb(0 0 0 / 0.1) 20%, rgb(0 0 0 / 0.36) 50%, rgb(0 0 0 / 0.8)));
  }
  .bar > * { pointer-events: auto; }
  .bar > .space { flex: 1; pointer-events: none; }
  /* Out of sight, but still there for the keyboard and for screen readers: focus brings it back */
  .bar.away, .bar.away > * { opacity: 0; pointer-events: none; }
  p2p-live-volume-slider { margin-inline: 4px 8px; }

  @container p2p-live (inline-size < 480px) {
    p2p-live-time-readout { display: none; }
    p2p-live-volume-slider { inline-size: 56px; }
  }
  @container p2p-live (inline-size < 380px) {
    p2p-live-volume-slider { display: none; }
    .bar { padding: 28px 4px 2px; gap: 0; }
    .unmute { inset-block-start: 10px; inset-inline-start: 10px; }
  }
  @container p2p-live (block-size < 260px) {
    .screen { padding-block: 8px 44px; gap: 8px; }
    .notice-icon { inline-size: 24px; block-size: 24px; margin-block-end: 6px; }
    .title { font-size: 15px; }
    .detail { font-size: 13px; margin-block-start: 2px; }
    .retry { margin-block-start: 8px; }
    .spinner { inline-size: 34px; block-size: 34px; }
    .start-button { inline-size: 60px; block-size: 60px; }
    .start-button svg { inline-size: 28px; block-size: 28px; }
  }
  @container p2p-live (block-size < 200px) {
    .failed .notice-icon, .failed ~ .bar { display: none; }
    .screen.failed { padding-block: 8px; }
    .failed .title { font-size: 14px; }
    .failed .detail { line-height: 1.3; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
  }
  @container p2p-live (inline-size > 900px) {
    .title { font-size: 22px; }
    .detail { font-size: 16px; }
    .notice-icon { inline-size: 44px; block-size: 44px; }
    .bar { padding: 56px 18px 14px; gap: 4px; }
    .start-button { inline-size: 92px; block-size: 92px; }
    .start-button svg { inline-size: 44px; block-size: 44px; }
  }
  @media (prefers-reduced-motion: reduce) {
    .spinner { animation: appear 0s 0.3s both, breathe 2.4s ease-in-out infinite; border-color: #fff; }
    .pulse { animation: none; }
    .notice, .unmute { animation: none; }
    .bar, .start-button, .retry { transition: none; }
    .start-button:hover { scale: none; }
  }
  @media (forced-colors: active) {
    .bar { background: Canvas; }
    .start-button, .retry, .unmute { border: 1px solid ButtonText; }
  }
`;
