// How <p2p-room> looks. Sizes follow the element's own box (container queries), directions follow the text's.

import { css } from 'lit';

/**
 * Light or dark as the `color-scheme` of the element's place says. Pages change it by properties of the element, and by its parts
 * (`p2p-room::part(tile)`).
 * @cssprop [--p2p-room-aspect-ratio=16 / 9] - the box, where the page gives no height; as high as need be in the lobby
 * @cssprop [--p2p-room-radius=0] - its corners
 * @cssprop [--p2p-room-tile-radius=12px] - corners of the tiles
 * @cssprop [--p2p-room-gap=8px] - between tiles
 * @cssprop [--p2p-room-font=system-ui] - font family
 * @cssprop [--p2p-room-background=#101216] - the ground; light in light pages
 * @cssprop [--p2p-room-color=#f4f5f7] - words; near black in light pages
 * @cssprop [--p2p-room-tile-background=#2a2e36] - behind a picture
 * @cssprop [--p2p-room-accent-color=#2f6fed] - the button that joins
 * @cssprop [--p2p-room-accent-text=#fff] - words on it
 * @cssprop [--p2p-room-speaking-color=#3ddc84] - the ring round who speaks
 * @csspart frame - all that is in the element
 * @csspart lobby - what is there before one is in
 * @csspart preview - one’s own picture in the lobby
 * @csspart form - name and devices
 * @csspart name-input - by what name one is in the room
 * @csspart camera-select - which camera
 * @csspart microphone-select - which microphone
 * @csspart wake-button - turns camera and microphone on
 * @csspart join-button - goes in, and in again
 * @csspart grid - the tiles
 * @csspart tile - each of the people
 * @csspart own-tile - oneself
 * @csspart more - those who have no tile
 * @csspart bar - the buttons for one’s devices, and the way out
 * @csspart button - each of the buttons in the bar
 * @csspart microphone-button - one’s microphone
 * @csspart camera-button - one’s camera
 * @csspart leave-button - the way out
 * @csspart hear-button - where the browser has taken the sound away
 * @csspart notice - words over the room
 */
export const roomStyles = css`
  :host {
    --ink: var(--p2p-room-color, #f4f5f7);
    --paper: var(--p2p-room-background, #101216);
    --raised: #1d2027;
    --line: #6d7480;
    --soft: #b0b6c0;
    --warn: #ffb4a8;
    --accent: var(--p2p-room-accent-color, #2f6fed);
    --accent-text: var(--p2p-room-accent-text, #fff);
    --speaking: var(--p2p-room-speaking-color, #3ddc84);
    --gap: var(--p2p-room-gap, 8px);
    --corner: var(--p2p-room-tile-radius, 12px);
    display: block; position: relative; box-sizing: border-box; overflow: hidden; inline-size: 100%;
    aspect-ratio: var(--p2p-room-aspect-ratio, 16 / 9); min-block-size: min(240px, 100%);
    border-radius: var(--p2p-room-radius, 0); background: var(--paper); color: var(--ink);
    font: 400 15px/1.4 var(--p2p-room-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    -webkit-font-smoothing: antialiased; text-align: start;
  }
  @supports (color: light-dark(#000, #fff)) {
    :host {
      --ink: var(--p2p-room-color, light-dark(#171a1f, #f4f5f7));
      --paper: var(--p2p-room-background, light-dark(#f3f4f7, #101216));
      --raised: light-dark(#fff, #1d2027);
      --line: light-dark(#7f8794, #6d7480);
      --soft: light-dark(#545b67, #b0b6c0);
      --warn: light-dark(#b3261e, #ffb4a8);
      --speaking: var(--p2p-room-speaking-color, light-dark(#0f9d4f, #3ddc84));
    }
  }
  :host([hidden]) { display: none; }
  .frame { position: absolute; inset: 0; container: p2p-room / size; outline: none; }
  p, ul, h2 { margin: 0; padding: 0; }
  ul { list-style: none; }
  [hidden] { display: none !important; }
  svg { display: block; inline-size: 100%; block-size: 100%; }
  button, input, select { font: inherit; color: inherit; -webkit-tap-highlight-color: transparent; }
  button { cursor: pointer; border: 0; }
  :focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
  .spoken { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .spinner {
    flex: none; display: inline-block; inline-size: 1em; block-size: 1em; box-sizing: border-box; border-radius: 50%;
    border: 2px solid color-mix(in srgb, currentColor 30%, transparent); border-block-start-color: currentColor; animation: turn 0.9s linear infinite;
  }
  @keyframes turn { to { rotate: 360deg; } }
  @keyframes appear { from { opacity: 0; } }

  /* The tiles */
  .inside { position: absolute; inset: 0; display: grid; grid-template-rows: minmax(0, 1fr) auto; }
  .floor { position: relative; min-block-size: 0; margin: var(--gap) var(--gap) 0; }
  .grid {
    position: absolute; inset: 0; display: flex; flex-wrap: wrap; justify-content: center; align-content: center; gap: var(--gap); overflow: hidden;
  }
  .tile {
    position: relative; flex: none; overflow: hidden; inline-size: var(--tile-width); block-size: var(--tile-height); container: tile / size;
    border-radius: var(--corner); background: var(--p2p-room-tile-background, #2a2e36); color: #fff; animation: appear 0.25s both;
  }
  .picture { position: absolute; inset: 0; }
  .picture > * { display: block; inline-size: 100%; block-size: 100%; object-fit: cover; }
  .picture > p2p-live { --p2p-live-object-fit: cover; --p2p-live-background: transparent; aspect-ratio: auto; }
  .picture > p2p-live::part(screen), .picture > p2p-live::part(unmute-button), .picture > p2p-live::part(start-button) { display: none; }
  .tile:not(.seen) .picture { visibility: hidden; }
  .own .picture > *, .mirror > * { scale: -1 1; }
  .troubled .picture { filter: grayscale(0.8) brightness(0.55); }
  .speaking::after {
    content: ''; position: absolute; inset: 0; z-index: 2; border-radius: inherit; pointer-events: none;
    border: 3px solid var(--speaking); box-shadow: inset 0 0 0 1px rgb(0 0 0 / 0.5);
  }
  .avatar {
    position: absolute; inset: 0; margin: auto; display: grid; place-items: center; border-radius: 50%; aspect-ratio: 1;
    inline-size: clamp(28px, 42cqmin, 160px); block-size: clamp(28px, 42cqmin, 160px);
    font-size: clamp(12px, 16cqmin, 60px); font-weight: 600; letter-spacing: 0.02em; background: hsl(var(--hue) 45% 36%);
  }
  .words {
    position: absolute; inset-inline: 0; inset-block-start: 8px; z-index: 1; inline-size: fit-content; max-inline-size: calc(100% - 16px); margin-inline: auto;
    box-sizing: border-box; display: flex; align-items: center; gap: 8px; padding: 3px 10px; border-radius: 14px; font-size: 13px;
    background: rgb(10 11 13 / 0.72); animation: appear 0.2s 0.3s both;
  }
  .label {
    position: absolute; z-index: 1; inset-block-end: 8px; inset-inline-start: 8px; max-inline-size: calc(100% - 16px); box-sizing: border-box;
    display: flex; align-items: center; gap: 6px; padding: 2px 9px; border-radius: 8px; font-size: 13px; font-weight: 500; background: rgb(10 11 13 / 0.72);
  }
  .user { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .sign { flex: none; inline-size: 16px; block-size: 16px; color: #ff9d94; }
  @container tile (inline-size < 140px) {
    .label { inset-block-end: 4px; inset-inline-start: 4px; max-inline-size: calc(100% - 8px); padding: 1px 6px; font-size: 12px; gap: 4px; border-radius: 6px; }
    .words { inset-block-start: 4px; max-inline-size: calc(100% - 8px); font-size: 12px; padding: 1px 6px; gap: 5px; line-height: 1.25; }
    .sign { inline-size: 14px; block-size: 14px; }
  }
  @container tile (block-size < 90px) { .words .spinner { display: none; } }
  .more { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 6px; padding: 6px 12px 0; font-size: 13px; max-block-size: 58px; overflow: auto; }
  .more li { padding: 1px 9px; border-radius: 10px; background: var(--raised); overflow-wrap: anywhere; }
  .more .count { background: none; padding-inline: 0; color: var(--soft); }

  /* The bar */
  .bar { display: flex; align-items: center; justify-content: center; gap: 12px; padding: 10px; }
  .round {
    flex: none; display: inline-grid; place-items: center; inline-size: 48px; block-size: 48px; padding: 12px; border-radius: 50%;
    background: color-mix(in srgb, var(--ink) 13%, var(--paper)); color: var(--ink); transition: background-color 0.12s, scale 0.12s;
  }
  .round:active { scale: 0.94; }
  .round.off { background: var(--ink); color: var(--paper); }
  .round.leave { inline-size: 64px; border-radius: 24px; background: #c5221f; color: #fff; padding-inline: 20px; }
  .round.leave svg:dir(rtl) { scale: -1 1; }
  @media (hover: hover) {
    .round:hover { background: color-mix(in srgb, var(--ink) 22%, var(--paper)); }
    .round.off:hover { background: color-mix(in srgb, var(--ink) 84%, var(--paper)); }
    .round.leave:hover { background: #a81b18; }
  }

  /* Over the tiles */
  .notices { position: absolute; z-index: 3; inset-block-start: 12px; inset-inline: 12px; display: grid; justify-items: center; gap: 8px; pointer-events: none; }
  .notices > * { pointer-events: auto; animation: appear 0.2s both; }
  .notice, .hear { display: inline-flex; align-items: center; gap: 10px; border-radius: 22px; box-shadow: 0 4px 20px rgb(0 0 0 / 0.35); }
  .notice { padding: 9px 18px; background: #16181d; color: #fff; font-size: 14px; max-inline-size: 60ch; }
  .hear { min-block-size: 44px; padding-inline: 14px 20px; background: #fff; color: #111318; font-weight: 600; }
  .hear svg { inline-size: 22px; block-size: 22px; }
  .hear:focus-visible { outline-color: #111318; outline-offset: -5px; }
  .alone { position: absolute; inset-inline: 0; inset-block-end: 12px; text-align: center; pointer-events: none; }
  .alone span { padding: 4px 14px; border-radius: 14px; background: rgb(10 11 13 / 0.72); color: #fff; font-size: 14px; }

  /* Before and after */
  .middle { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 16px; padding: 16px; text-align: center; font-size: 17px; }
  .middle .spinner { font-size: 36px; border-width: 3px; }
  .join {
    display: inline-flex; align-items: center; justify-content: center; gap: 10px; min-block-size: 46px; padding-inline: 28px; border-radius: 12px;
    background: var(--accent); color: var(--accent-text); font-weight: 600; font-size: 16px; transition: filter 0.12s;
  }
  .join:disabled { filter: saturate(0.6); cursor: default; }
  @media (hover: hover) { .join:hover:not(:disabled) { filter: brightness(1.1); } }
  @media (prefers-reduced-motion: reduce) {
    .spinner { animation: none; border-style: dotted; }
    .tile, .words, .notices > * { animation: none; }
    .round, .join { transition: none; }
    .round:active { scale: none; }
  }
  @media (forced-colors: active) {
    .tile, .round, .join, .notice, .hear, .words, .label { border: 1px solid CanvasText; }
    .speaking::after { border-color: Highlight; }
  }
  @container p2p-room (block-size < 320px) {
    .bar { padding: 6px; }
    .round { inline-size: 40px; block-size: 40px; padding: 9px; }
    .round.leave { inline-size: 56px; padding-inline: 17px; }
  }
`;
