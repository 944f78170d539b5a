// How <p2p-live> looks. Sizes follow the element's own box (container queries), directions follow the text's.

import { css } from 'lit';

/**
 * What lies on a moving picture is white on a dark shade; what lies on no picture, the panel and the tooltip are light or dark as the
 * `color-scheme` of the element's place says. Pages change it by properties of the element, and by its parts (`p2p-live::part(play-button)`).
 * @slot overlay - lies over the picture, under the controls
 * @cssprop [--p2p-live-aspect-ratio=16 / 9] - the box, where the page gives no height
 * @cssprop [--p2p-live-radius=0] - its corners
 * @cssprop [--p2p-live-object-fit=contain] - how the picture fills the box
 * @cssprop [--p2p-live-font=system-ui] - font family
 * @cssprop [--p2p-live-background=#0a0b0d] - behind the picture, and behind notices; light grey in light pages
 * @cssprop [--p2p-live-color=#fff] - words and controls where there is no picture; near black in light pages
 * @cssprop [--p2p-live-controls-color=#fff] - controls over the picture
 * @cssprop --p2p-live-controls-background - the shade under them: a gradient to black
 * @cssprop [--p2p-live-control-size=40px] - width and height of a button; 44px for fingers
 * @cssprop [--p2p-live-accent-color=currentColor] - the filled part of the sliders
 * @cssprop [--p2p-live-live-color=#ff4b4b] - the live light
 * @cssprop [--p2p-live-focus-color=currentColor] - rings around what has the focus
 * @cssprop --p2p-live-panel-background - tooltip and statistics: white, or near black
 * @cssprop --p2p-live-panel-color - words on those: near black, or white
 * @cssprop --p2p-live-viewers-color - in the statistics, what came from viewers: green
 * @cssprop --p2p-live-relay-color - in the statistics, what came from the relay: grey
 * @csspart video - the picture
 * @csspart frame - all that is in the element
 * @csspart overlay - where that lies which the page puts over the picture
 * @csspart screen - what lies over the picture, or in its place, while it does not play
 * @csspart spinner - turns while it connects or waits for more
 * @csspart notice - the words on a screen
 * @csspart start-button - the large one in the middle, before it plays
 * @csspart unmute-button - where the browser has taken the sound away
 * @csspart retry-button - after a failure
 * @csspart controls - what lies along the lower edge
 * @csspart rewind - the rewind bar with its tooltip
 * @csspart rewind-bar - the slider over what can be gone back to
 * @csspart rewind-tooltip - the time under the pointer
 * @csspart buttons - the row of buttons
 * @csspart button - each of the buttons in the row
 * @csspart slider - each of the sliders
 * @csspart play-button - plays and pauses
 * @csspart stop-button - leaves the broadcast
 * @csspart mute-button - takes the sound away and gives it back
 * @csspart volume-slider - how loud it is
 * @csspart live-badge - whether it is live, and the way there
 * @csspart time - of a recording, in the place of the live badge
 * @csspart captions-button - there while there are captions or subtitles
 * @csspart stats-button - opens the statistics
 * @csspart pip-button - picture in picture
 * @csspart fullscreen-button - full screen
 * @csspart stats-panel - the statistics
 */
export const p2pLiveStyles = css`
  :host {
    --ink: var(--p2p-live-color, #fff);
    --paper: var(--p2p-live-background, #0a0b0d);
    --panel: var(--p2p-live-panel-background, rgb(20 22 27 / 0.9));
    --panel-ink: var(--p2p-live-panel-color, #fff);
    --warn: #ffb454;
    --size: var(--p2p-live-control-size, 40px);
    display: block; position: relative; box-sizing: border-box; overflow: hidden;
    inline-size: 100%; aspect-ratio: var(--p2p-live-aspect-ratio, 16 / 9);
    border-radius: var(--p2p-live-radius, 0);
    background: var(--paper); color: var(--ink);
    font: 400 14px/1.4 var(--p2p-live-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    -webkit-font-smoothing: antialiased; text-align: start; user-select: none; -webkit-user-select: none;
  }
  @supports (color: light-dark(#000, #fff)) {
    :host {
      --ink: var(--p2p-live-color, light-dark(#171a1f, #fff));
      --paper: var(--p2p-live-background, light-dark(#e9ecf1, #0a0b0d));
      --panel: var(--p2p-live-panel-background, light-dark(rgb(255 255 255 / 0.94), rgb(20 22 27 / 0.9)));
      --panel-ink: var(--p2p-live-panel-color, light-dark(#171a1f, #fff));
      --warn: light-dark(#a85b00, #ffb454);
    }
  }
  /* As wide as <video> where the parent asks how wide it would like to be */
  :host::before { content: ''; display: block; inline-size: 300px; }
  :host([hidden]) { display: none; }
  :host(:fullscreen) { border-radius: 0; aspect-ratio: auto; block-size: 100%; }
  .frame { position: absolute; inset: 0; container-type: size; outline: none; }
  .frame.quiet { cursor: none; }
  .frame:focus-visible::after {
    content: ''; position: absolute; inset: 0; z-index: 3; pointer-events: none; border-radius: inherit;
    border: 2px solid var(--p2p-live-focus-color, currentColor); outline: 2px solid rgb(127 127 127 / 0.55); outline-offset: -4px;
  }
  .surface, video { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; }
  video { display: block; object-fit: var(--p2p-live-object-fit, contain); }
  /* Above the bar, where the browser lets them be moved */
  .frame[tabindex]:not(.quiet) video::-webkit-media-text-track-container { translate: 0 -72px; }
  .overlay { position: absolute; inset: 0; pointer-events: none; }
  ::slotted([slot='overlay']) { pointer-events: auto; }
  p { margin: 0; }
  svg { display: block; inline-size: 100%; block-size: 100%; }
  button { font: inherit; color: inherit; cursor: pointer; -webkit-tap-highlight-color: transparent; }
  button:focus-visible { outline: 2px solid var(--p2p-live-focus-color, currentColor); outline-offset: 3px; }

  /* Over the picture: the states */
  .screen {
    position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 14px;
    padding: 16px; text-align: center; pointer-events: none;
  }
  .screen.none, .screen.start { display: none; }
  .screen.waiting, .screen.interrupted, .screen.ended, .screen.failed {
    background: radial-gradient(120% 120% at 50% 0%, color-mix(in srgb, var(--paper), var(--ink) 6%), var(--paper) 70%);
  }
  .screen.connecting::before, .screen.reconnecting::before, .screen.buffering::before {
    content: ''; position: absolute; inset: 0; animation: appear 0.3s 0.3s both;
    background: radial-gradient(closest-side, rgb(0 0 0 / 0.5), transparent);
  }
  .surface:not(:has([poster])) ~ .connecting::before { background: none; }
  .surface:not(:has([poster])) ~ .connecting .spinner { color: var(--ink); filter: none; }
  .screen > * { position: relative; }
  .notice { display: grid; justify-items: center; max-inline-size: 46ch; animation: appear 0.25s ease-out both; }
  .notice-icon { inline-size: 36px; block-size: 36px; margin-block-end: 12px; opacity: 0.66; }
  .failed .notice-icon { color: var(--warn); opacity: 1; }
  .title { font-size: 18px; line-height: 1.3; font-weight: 600; letter-spacing: -0.01em; overflow-wrap: anywhere; text-wrap: balance; }
  .detail { margin-block-start: 6px; opacity: 0.8; overflow-wrap: anywhere; text-wrap: balance; }
  .retry {
    display: inline-flex; align-items: center; gap: 8px; margin-block-start: 18px; min-block-size: 40px; padding: 0 16px;
    border: 0; border-radius: 20px; background: color-mix(in srgb, var(--ink) 13%, transparent); font-weight: 600; pointer-events: auto; transition: background-color 0.12s;
  }
  .retry svg { inline-size: 18px; block-size: 18px; }
  .late { padding: 3px 12px; border-radius: 14px; background: rgb(10 11 13 / 0.72); font-size: 13px; color: #fff; animation: appear 0.2s 0.3s both; }
  .spoken { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

  /* Shown only after 0.3 s, so that a short wait does not flicker */
  .spinner {
    inline-size: 44px; block-size: 44px; box-sizing: border-box; border-radius: 50%; border: 3px solid color-mix(in srgb, currentColor 28%, transparent); color: #fff;
    border-block-start-color: currentColor; filter: drop-shadow(0 0 3px rgb(0 0 0 / 0.6));
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
    background: rgb(16 18 22 / 0.72); color: #fff; box-shadow: 0 0 0 1px rgb(255 255 255 / 0.16), 0 8px 32px rgb(0 0 0 / 0.4);
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
    .retry:hover { background: color-mix(in srgb, var(--ink) 22%, transparent); }
    .unmute:hover { background: #e9ebef; }
  }

  /* The bar */
  .bar {
    position: absolute; z-index: 1; inset-inline: 0; inset-block-end: 0; padding: 44px 10px 6px; pointer-events: none; transition: opacity 0.2s;
    color: var(--p2p-live-controls-color, #fff); --held-color: color-mix(in srgb, currentColor 34%, transparent);
    background: var(--p2p-live-controls-background, linear-gradient(transparent, rgb(0 0 0 / 0.1) 20%, rgb(0 0 0 / 0.42) 50%, rgb(0 0 0 / 0.82)));
  }
  .bar.plain { color: var(--ink); background: none; }
  .row { display: flex; align-items: center; gap: 2px; }
  .rewind, .row > * { pointer-events: auto; }
  .row > .space { flex: 1; pointer-events: none; }
  /* Out of sight, but still there for the keyboard and for screen readers: focus brings it back */
  .bar.away, .bar.away * { opacity: 0; pointer-events: none; }
  .control {
    all: unset; box-sizing: border-box; flex: none; pointer-events: auto; display: inline-flex; align-items: center; justify-content: center;
    min-inline-size: var(--size); block-size: var(--size); border-radius: 8px; cursor: pointer; -webkit-tap-highlight-color: transparent;
    transition: background-color 0.12s, scale 0.12s;
  }
  .control svg { inline-size: 22px; block-size: 22px; }
  .control:disabled { opacity: 0.35; cursor: default; }
  .control:active:not(:disabled) { scale: 0.94; }
  .control[aria-expanded='true'] { background: color-mix(in srgb, currentColor 20%, transparent); }
  .control:focus-visible, .slider:focus-visible { outline: 2px solid var(--p2p-live-focus-color, currentColor); outline-offset: -3px; }
  .slider:focus-visible { outline-offset: 1px; }
  @media (hover: hover) { .control:hover:not(:disabled) { background: color-mix(in srgb, currentColor 16%, transparent); } }

  .live-badge {
    flex-shrink: 1; overflow: hidden; gap: 7px; padding-inline: 10px; white-space: nowrap; font-size: 12px; line-height: 1; font-weight: 600; letter-spacing: 0.05em; text-transform: uppercase;
    font-variant-numeric: tabular-nums;
  }
  .live-badge:lang(ar) { letter-spacing: 0; }
  .dot { inline-size: 8px; block-size: 8px; border-radius: 50%; background: var(--p2p-live-live-color, #ff4b4b); box-shadow: 0 0 0 3px rgb(255 75 75 / 0.25); }
  .behind .dot { background: currentColor; opacity: 0.6; box-shadow: none; }
  .distance { text-transform: none; letter-spacing: 0; font-weight: 500; opacity: 0.86; }

  .slider {
    appearance: none; display: block; margin: 0; block-size: 32px; color: inherit; background: none; cursor: pointer; border-radius: 8px; touch-action: none;
    --fill: var(--p2p-live-accent-color, currentColor); --rest: color-mix(in srgb, currentColor 26%, transparent);
    --track: linear-gradient(to var(--toward), var(--fill) var(--filled, 0%), #0000 var(--filled, 0%)), var(--held, none), linear-gradient(var(--rest), var(--rest));
    --toward: right;
  }
  .slider:dir(rtl) { --toward: left; }
  .slider::-webkit-slider-runnable-track { block-size: 4px; border-radius: 2px; background: var(--track); transition: scale 0.12s; }
  .slider::-moz-range-track { block-size: 4px; border-radius: 2px; background: var(--track); }
  .slider::-webkit-slider-thumb { appearance: none; inline-size: 14px; block-size: 14px; margin-block-start: -5px; border-radius: 50%; background: var(--fill); box-shadow: 0 0 3px rgb(0 0 0 / 0.5); }
  .slider::-moz-range-thumb { inline-size: 14px; block-size: 14px; border: 0; border-radius: 50%; background: var(--fill); box-shadow: 0 0 3px rgb(0 0 0 / 0.5); }
  .volume-slider { inline-size: 72px; margin-inline: 4px 8px; }
  .rewind { position: relative; margin-inline: 6px; }
  .rewind-bar { inline-size: 100%; block-size: 24px; }
  .tooltip {
    position: absolute; inset-block-end: 100%; inset-inline-start: clamp(48px, calc(7px + (100% - 14px) * var(--at)), 100% - 48px); translate: -50%;
    display: flex; gap: 8px; padding: 4px 10px; border-radius: 8px; pointer-events: none; white-space: nowrap; font-size: 13px; font-variant-numeric: tabular-nums;
    background: var(--panel); color: var(--panel-ink); box-shadow: 0 2px 12px rgb(0 0 0 / 0.3);
  }
  .tooltip:dir(rtl) { translate: 50%; }
  .tooltip time { opacity: 0.75; }

  .stats {
    position: absolute; z-index: 2; inset-block-start: 12px; inset-inline-end: 12px; inline-size: 340px; max-inline-size: calc(100% - 24px); max-block-size: calc(100% - 100px);
    box-sizing: border-box; overflow: auto; padding: 12px 14px; border-radius: 12px; font-size: 13px;
    background: var(--panel); color: var(--panel-ink); box-shadow: 0 4px 24px rgb(0 0 0 / 0.3); -webkit-backdrop-filter: blur(12px); backdrop-filter: blur(12px);
  }

  @media (pointer: coarse) {
    :host { --size: var(--p2p-live-control-size, 44px); }
    .rewind-bar { block-size: 32px; }
  }
  @media (hover: none) and (pointer: coarse) { .volume-slider { display: none; } }

  @container (inline-size < 580px) {
    .behind:has(.distance) .word { position: absolute; clip-path: inset(50%); }
    .captions-button ~ .stats-button { display: none; }
  }
  @container (inline-size < 480px) {
    .volume-slider { display: none; }
    .live-badge { padding-inline: 8px; letter-spacing: 0; }
  }
  @container (inline-size < 380px) {
    .bar { padding: 28px 4px 2px; }
    .row { gap: 0; }
    :not(.behind) > .distance { display: none; }
    .live-badge { padding-inline: 4px; }
    .unmute { inset-block-start: 10px; inset-inline-start: 10px; }
  }
  @container (inline-size < 350px) { .pip-button { display: none; } }
  @container (inline-size < 300px) { .stats-button { display: none; } }
  @container (block-size < 340px) {
    .stats { inset-block-start: 6px; inset-inline-end: 6px; max-block-size: calc(100% - 70px); padding: 6px 10px; font-size: 11px; line-height: 1.3; inline-size: 260px; }
  }
  @container (block-size < 260px) {
    .screen { padding-block: 8px 44px; gap: 8px; }
    .notice-icon { inline-size: 24px; block-size: 24px; margin-block-end: 6px; }
    .title { font-size: 15px; }
    .detail { font-size: 13px; margin-block-start: 2px; }
    .retry { margin-block-start: 8px; }
    .spinner { inline-size: 34px; block-size: 34px; }
    .start-button { inline-size: 60px; block-size: 60px; }
    .start-button svg { inline-size: 28px; block-size: 28px; }
  }
  @container (block-size < 200px) {
    .failed .notice-icon, .failed ~ .bar { display: none; }
    .screen.failed { padding-block: 8px; }
    .failed .title { font-size: 14px; }
    .failed .detail { line-height: 1.3; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
  }
  @container (inline-size > 900px) {
    .title { font-size: 22px; }
    .detail { font-size: 16px; }
    .notice-icon { inline-size: 44px; block-size: 44px; }
    .bar { padding: 56px 18px 10px; }
    .row { gap: 4px; }
    .start-button { inline-size: 92px; block-size: 92px; }
    .start-button svg { inline-size: 44px; block-size: 44px; }
  }
  @media (prefers-reduced-motion: reduce) {
    .spinner { animation: appear 0s 0.3s both, breathe 2.4s ease-in-out infinite; border-color: currentColor; }
    .pulse { animation: none; }
    .notice, .unmute { animation: none; }
    .bar, .control, .start-button, .retry { transition: none; }
    .control:active { scale: none; }
    .start-button:hover { scale: none; }
  }
  @media (forced-colors: active) {
    .bar, .bar.plain { background: Canvas; color: CanvasText; }
    .control { color: ButtonText; }
    .control:disabled { color: GrayText; opacity: 1; }
    .dot { background: CanvasText; }
    .slider { forced-color-adjust: none; --fill: Highlight; --rest: GrayText; --held-color: CanvasText; }
    .tooltip, .stats { border: 1px solid CanvasText; }
    .start-button, .retry, .unmute { border: 1px solid ButtonText; }
  }
`;
