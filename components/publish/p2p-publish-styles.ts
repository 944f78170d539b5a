// How <p2p-publish> looks. Sizes follow the element's own box (container queries), directions follow the text's.

import { css } from 'lit';

/**
 * What lies on the preview is white on a dark shade; what lies on no picture and the settings are light or dark as the `color-scheme` of the
 * element's place says. Pages change it by the properties of <p2p-live> that name the same things, and by its parts.
 * @slot overlay - lies over the preview, under the controls
 * @cssprop [--p2p-live-aspect-ratio=16 / 9] - the box, where the page gives no height
 * @cssprop [--p2p-live-radius=0] - its corners
 * @cssprop [--p2p-live-object-fit=contain] - how the preview fills the box
 * @cssprop [--p2p-live-font=system-ui] - font family
 * @cssprop [--p2p-live-background=#0a0b0d] - behind the preview, and behind notices; light grey in light pages
 * @cssprop [--p2p-live-color=#fff] - words and controls where there is no picture; near black in light pages
 * @cssprop [--p2p-live-controls-color=#fff] - controls over the preview
 * @cssprop --p2p-live-controls-background - the shade under them: a gradient to black
 * @cssprop [--p2p-live-control-size=40px] - width and height of a button; 44px for fingers
 * @cssprop [--p2p-live-live-color=#d72a28] - what is on air
 * @cssprop [--p2p-live-focus-color=currentColor] - rings around what has the focus
 * @cssprop --p2p-live-panel-background - the settings: white, or near black
 * @cssprop --p2p-live-panel-color - words on those: near black, or white
 * @csspart video - the preview
 * @csspart frame - all that is in the element
 * @csspart overlay - where that lies which the page puts over the preview
 * @csspart screen - what lies over the preview, or in its place
 * @csspart notice - the words on a screen
 * @csspart spinner - turns while the browser asks, or the relay is called
 * @csspart choices - the row of the ways to begin
 * @csspart choice - each of the ways to begin
 * @csspart camera-choice - to begin with a camera
 * @csspart screen-choice - to begin with a screen
 * @csspart microphone-choice - to begin with sound only
 * @csspart retry-button - asks again, or tries again
 * @csspart badge - whether it is on air
 * @csspart warning - something is wrong, and it goes on
 * @csspart warning-action - what can be done about it
 * @csspart dismiss-button - takes the warning away
 * @csspart controls - what lies along the lower edge
 * @csspart buttons - the row of buttons
 * @csspart button - each of the buttons
 * @csspart go-live-button - begins the broadcast
 * @csspart end-button - ends the broadcast
 * @csspart mute-button - also `off` while muted
 * @csspart meter - how loud the microphone is
 * @csspart camera-button - also `off` while there is no picture
 * @csspart screen-button - also `on` while the screen is shared
 * @csspart off - a button whose device gives nothing now
 * @csspart on - a button whose device is shared now
 * @csspart settings-button - opens the settings
 * @csspart off-button - gives the devices back
 * @csspart settings - the panel of menus
 * @csspart close-button - shuts the settings
 * @csspart menu - each of the menus in the settings
 * @csspart source-menu - camera, screen or sound only
 * @csspart camera-menu - which camera
 * @csspart microphone-menu - which microphone
 * @csspart resolution-menu - how many lines
 * @csspart bitrate-menu - how many kbit/s
 */
export const p2pPublishStyles = css`
  :host {
    --ink: var(--p2p-live-color, #fff);
    --paper: var(--p2p-live-background, #0a0b0d);
    --panel: var(--p2p-live-panel-background, rgb(20 22 27 / 0.96));
    --panel-ink: var(--p2p-live-panel-color, #fff);
    --warn: #ffb454;
    --live: var(--p2p-live-live-color, #d72a28);
    --size: var(--p2p-live-control-size, 40px);
    --level: 0;
    display: block; position: relative; box-sizing: border-box; overflow: hidden; inline-size: 100%;
    aspect-ratio: var(--p2p-live-aspect-ratio, 16 / 9); min-block-size: 210px;
    border-radius: var(--p2p-live-radius, 0); background: var(--paper); color: var(--ink);
    font: 400 14px/1.4 var(--p2p-live-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    -webkit-font-smoothing: antialiased; text-align: start;
  }
  @supports (color: light-dark(#000, #fff)) {
    :host {
      --ink: var(--p2p-live-color, light-dark(#171a1f, #fff));
      --paper: var(--p2p-live-background, light-dark(#e9ecf1, #0a0b0d));
      --panel: var(--p2p-live-panel-background, light-dark(rgb(255 255 255 / 0.97), rgb(20 22 27 / 0.96)));
      --panel-ink: var(--p2p-live-panel-color, light-dark(#171a1f, #fff));
      --warn: light-dark(#a85b00, #ffb454);
    }
  }
  :host::before { content: ''; display: block; inline-size: 300px; }
  :host([hidden]) { display: none; }
  .frame { position: absolute; inset: 0; container: p2p-publish / size; outline: none; }
  video { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: var(--p2p-live-object-fit, contain); }
  video.mirrored { scale: -1 1; }
  video.hidden { visibility: hidden; }
  .overlay { position: absolute; inset: 0; pointer-events: none; }
  ::slotted([slot='overlay']) { pointer-events: auto; }
  p, h2 { margin: 0; }
  svg { display: block; inline-size: 100%; block-size: 100%; }
  button, select { font: inherit; color: inherit; cursor: pointer; -webkit-tap-highlight-color: transparent; }
  button:focus-visible, select:focus-visible { outline: 2px solid var(--p2p-live-focus-color, currentColor); outline-offset: 2px; }

  /* Without a picture */
  .screen { position: absolute; inset: 0; display: flex; align-items: center; justify-content: center; padding: 16px; overflow: auto; text-align: center; pointer-events: none; }
  .idle .screen, .asking .screen, .ended .screen, .failed .screen {
    pointer-events: auto; background: radial-gradient(120% 120% at 50% 0%, color-mix(in srgb, var(--paper), var(--ink) 6%), var(--paper) 70%);
  }
  .notice { display: grid; justify-items: center; max-inline-size: 48ch; margin: auto; animation: appear 0.25s ease-out both; }
  .notice-icon { inline-size: 36px; block-size: 36px; margin-block-end: 12px; opacity: 0.66; }
  .failed .notice-icon { color: var(--warn); opacity: 1; }
  .title { font-size: 18px; line-height: 1.3; font-weight: 600; letter-spacing: -0.01em; overflow-wrap: anywhere; text-wrap: balance; }
  .detail { margin-block-start: 8px; opacity: 0.8; overflow-wrap: anywhere; text-wrap: balance; }
  .retry {
    display: inline-flex; align-items: center; gap: 8px; margin-block-start: 18px; min-block-size: 40px; padding: 0 16px; border: 0; border-radius: 20px;
    background: color-mix(in srgb, var(--ink) 13%, transparent); font-weight: 600; transition: background-color 0.12s;
  }
  .retry svg { inline-size: 18px; block-size: 18px; }
  .spinner {
    inline-size: 40px; block-size: 40px; margin-block-end: 16px; box-sizing: border-box; border-radius: 50%; border: 3px solid color-mix(in srgb, currentColor 24%, transparent);
    border-block-start-color: currentColor; animation: turn 0.9s linear infinite;
  }
  .choices { display: flex; flex-wrap: wrap; justify-content: center; gap: 12px; margin-block: 18px 10px; }
  .choice {
    display: grid; justify-items: center; gap: 10px; inline-size: 124px; padding: 16px 8px 14px; border: 0; border-radius: 14px; font-weight: 600;
    background: color-mix(in srgb, var(--ink) 9%, transparent); transition: background-color 0.12s;
  }
  .choice span { inline-size: 30px; block-size: 30px; }
  .voice { position: relative; display: grid; place-items: center; inline-size: 84px; block-size: 84px; border-radius: 50%; background: color-mix(in srgb, var(--ink) 10%, transparent); }
  .voice svg { inline-size: 36px; block-size: 36px; }
  .ring { position: absolute; inset: 0; border-radius: 50%; background: color-mix(in srgb, var(--ink) 10%, transparent); scale: calc(1 + var(--level) * 0.55); }
  .silent .ring { display: none; }
  .still .detail { margin-block-start: 16px; }
  .still { padding-block-end: 24px; }
  @keyframes appear { from { opacity: 0; } }
  @keyframes turn { to { rotate: 360deg; } }
  @keyframes breathe { 50% { opacity: 0.35; } }
  @media (hover: hover) {
    .retry:hover { background: color-mix(in srgb, var(--ink) 22%, transparent); }
    .choice:hover { background: color-mix(in srgb, var(--ink) 17%, transparent); }
  }

  /* Over the picture */
  .badge, .slow, .warning { position: absolute; z-index: 1; background: rgb(10 11 13 / 0.74); color: #fff; -webkit-backdrop-filter: blur(10px); backdrop-filter: blur(10px); }
  .badge {
    inset-block-start: 12px; inset-inline-start: 12px; display: flex; align-items: center; gap: 8px; max-inline-size: calc(100% - 24px); box-sizing: border-box;
    padding: 5px 12px; border-radius: 15px; font-size: 13px; line-height: 20px; white-space: nowrap; font-variant-numeric: tabular-nums;
  }
  .badge .word { font-weight: 600; overflow: hidden; text-overflow: ellipsis; }
  .badge.live { background: var(--live); }
  .dot { flex: none; inline-size: 8px; block-size: 8px; border-radius: 50%; background: #9aa1ac; }
  .live .dot { background: #fff; animation: breathe 2s ease-in-out infinite; }
  .connecting .dot, .reconnecting .dot { background: #ffb454; animation: breathe 1.2s ease-in-out infinite; }
  .slow { inset-block-start: 50px; inset-inline-start: 12px; padding: 4px 12px; border-radius: 14px; font-size: 13px; max-inline-size: calc(100% - 48px); }
  .warning {
    inset-inline: 12px; inset-block-end: calc(var(--size) + 34px); display: flex; align-items: center; gap: 4px 12px; inline-size: fit-content; max-inline-size: calc(100% - 24px);
    box-sizing: border-box; margin-inline: auto; padding-block: 4px; padding-inline: 16px 4px; border-radius: 12px; box-shadow: 0 0 0 1px rgb(255 255 255 / 0.16); animation: appear 0.2s both;
  }
  .link { flex: none; min-block-size: 36px; padding: 0 6px; border: 0; background: none; font-weight: 600; text-decoration: underline; text-underline-offset: 3px; }

  /* The bar */
  .bar {
    position: absolute; z-index: 1; inset-inline: 0; inset-block-end: 0; padding: 40px 12px 10px; color: var(--p2p-live-controls-color, #fff); pointer-events: none;
    background: var(--p2p-live-controls-background, linear-gradient(transparent, rgb(0 0 0 / 0.12) 20%, rgb(0 0 0 / 0.46) 50%, rgb(0 0 0 / 0.82)));
  }
  .bar.plain { color: var(--ink); background: none; }
  .row { display: flex; align-items: center; gap: 4px; }
  .row > * { pointer-events: auto; }
  .row > .space { flex: 1; pointer-events: none; }
  .control {
    all: unset; box-sizing: border-box; flex: none; display: inline-flex; align-items: center; justify-content: center; min-inline-size: var(--size); block-size: var(--size);
    border-radius: 10px; cursor: pointer; -webkit-tap-highlight-color: transparent; transition: background-color 0.12s, scale 0.12s;
  }
  .control svg { inline-size: 22px; block-size: 22px; }
  .control:disabled { opacity: 0.4; cursor: default; }
  .control:active:not(:disabled) { scale: 0.94; }
  .control.off { background: #fff; color: #16181d; }
  .plain .control.off { background: var(--ink); color: var(--paper); }
  .control.on, .control[aria-expanded='true'] { background: color-mix(in srgb, currentColor 22%, transparent); }
  .control:focus-visible { outline: 2px solid var(--p2p-live-focus-color, currentColor); outline-offset: -3px; }
  @media (hover: hover) {
    .control:hover:not(:disabled, .off) { background: color-mix(in srgb, currentColor 16%, transparent); }
    .control.off:hover { background: #dfe2e7; }
  }
  .main {
    display: inline-flex; align-items: center; gap: 8px; min-inline-size: 0; min-block-size: var(--size); margin-inline-end: 8px; padding-inline: 14px 18px; border: 0; border-radius: calc(var(--size) / 2);
    background: color-mix(in srgb, currentColor 18%, transparent); font-weight: 600; white-space: nowrap; transition: background-color 0.12s, scale 0.12s;
  }
  .main.go { background: var(--live); color: #fff; }
  .main span { overflow: hidden; text-overflow: ellipsis; }
  .main:active { scale: 0.97; }
  .main svg { flex: none; inline-size: 20px; block-size: 20px; }
  @media (hover: hover) { .main:hover { background: color-mix(in srgb, currentColor 28%, transparent); } .main.go:hover { background: color-mix(in srgb, var(--live), #000 12%); } }
  .meter { flex: none; inline-size: 64px; block-size: 6px; margin-inline: 2px 10px; border-radius: 3px; background: color-mix(in srgb, currentColor 26%, transparent); overflow: hidden; }
  .meter i {
    display: block; block-size: 100%; border-radius: 3px; background: linear-gradient(to right, #4fd18b 60%, #ffd166 82%, #ff5a52);
    clip-path: inset(0 calc(100% - var(--level) * 100%) 0 0 round 3px);
  }
  .meter:dir(rtl) i { scale: -1 1; }

  /* The settings */
  .settings {
    position: absolute; z-index: 2; inset-block: 12px auto; inset-inline-end: 12px; inline-size: 320px; max-inline-size: calc(100% - 24px); max-block-size: calc(100% - 24px);
    box-sizing: border-box; overflow: auto; padding: 4px 16px 16px; border-radius: 14px; background: var(--panel); color: var(--panel-ink);
    box-shadow: 0 4px 28px rgb(0 0 0 / 0.34); -webkit-backdrop-filter: blur(14px); backdrop-filter: blur(14px); animation: appear 0.12s both;
  }
  .settings header { display: flex; align-items: center; justify-content: space-between; margin-inline-end: -10px; }
  .settings h2 { font-size: 15px; font-weight: 600; }
  .close svg { inline-size: 18px; block-size: 18px; }
  .field { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); align-items: center; gap: 10px; margin-block-start: 6px; }
  .field span { overflow-wrap: anywhere; opacity: 0.8; }
  select {
    appearance: none; inline-size: 100%; min-block-size: 38px; padding-inline: 12px 30px; border: 1px solid color-mix(in srgb, currentColor 45%, transparent); border-radius: 9px; text-overflow: ellipsis;
    --edge: 15px; background-color: color-mix(in srgb, currentColor 7%, transparent); background-repeat: no-repeat; background-size: 6px 6px;
    background-image: linear-gradient(45deg, #0000 50%, currentColor 52%), linear-gradient(-45deg, #0000 50%, currentColor 52%);
    background-position: calc(100% - var(--edge) - 5px) 54%, calc(100% - var(--edge)) 54%;
  }
  select:dir(rtl) { background-position: calc(var(--edge) + 0px) 54%, calc(var(--edge) + 5px) 54%; }
  option { background: var(--panel); color: var(--panel-ink); }
  .hint { margin-block-start: 10px; font-size: 13px; opacity: 0.8; }

  @media (pointer: coarse) { :host { --size: var(--p2p-live-control-size, 44px); } select { min-block-size: 44px; } }
  @container p2p-publish (inline-size < 520px) {
    .choices { gap: 8px; }
    .choice { inline-size: 96px; padding: 12px 4px 10px; font-size: 13px; }
    .meter { inline-size: 40px; margin-inline: 0 4px; }
    .bar { padding: 32px 8px 8px; }
    .row { gap: 2px; }
    .main { margin-inline-end: 4px; }
    .warning { flex-wrap: wrap; }
    .warning p { flex: 1 0 60%; padding-block: 4px; }
  }
  @container p2p-publish (inline-size < 420px) {
    .main { padding-inline: 12px 14px; font-size: 13px; gap: 6px; }
    .meter { display: none; }
    .badge .rate { display: none; }
    .control { min-inline-size: 36px; }
  }
  @container p2p-publish (inline-size < 330px) {
    .main.go span, .main span { position: absolute; clip-path: inset(50%); }
    .main { padding-inline: 10px; }
    .choice { inline-size: 82px; }
  }
  @container p2p-publish (block-size < 300px) {
    .choices { margin-block: 10px 4px; }
    .choice { padding-block: 9px; gap: 5px; }
    .choice span { inline-size: 24px; block-size: 24px; }
    .title { font-size: 16px; }
    .detail { font-size: 13px; margin-block-start: 4px; }
    .notice-icon { inline-size: 26px; block-size: 26px; margin-block-end: 6px; }
    .retry { margin-block-start: 10px; }
    .voice { inline-size: 60px; block-size: 60px; }
    .voice svg { inline-size: 26px; block-size: 26px; }
    .settings { inset-block-start: 6px; max-block-size: calc(100% - 12px); padding-block-end: 8px; }
    .field { margin-block-start: 2px; }
    select { min-block-size: 32px; }
  }
  @container p2p-publish (inline-size > 900px) {
    .title { font-size: 22px; }
    .detail { font-size: 16px; }
    .choice { inline-size: 148px; padding-block: 20px 18px; }
    .bar { padding: 56px 18px 14px; }
    .meter { inline-size: 90px; }
  }
  @media (prefers-reduced-motion: reduce) {
    .spinner { animation: breathe 2.4s ease-in-out infinite; border-color: currentColor; }
    .dot, .live .dot, .connecting .dot, .reconnecting .dot, .notice, .warning, .settings { animation: none; }
    .control, .main, .choice, .retry { transition: none; }
    .control:active, .main:active { scale: none; }
    .ring { scale: none; opacity: calc(0.3 + var(--level)); }
  }
  @media (forced-colors: active) {
    .bar { background: Canvas; color: CanvasText; }
    .badge, .slow, .warning, .settings, .main, .choice, .retry { border: 1px solid CanvasText; }
    .control.off { border: 2px solid Highlight; }
    .meter { border: 1px solid CanvasText; }
    .meter i { forced-color-adjust: none; background: Highlight; }
    .dot { background: CanvasText; }
  }
`;
