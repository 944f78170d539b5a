// How the lobby of <p2p-room> looks.

import { css } from 'lit';

/** Beside each other where there is room, else one above the other, to be scrolled. */
export const lobbyStyles = css`
  .lobby {
    position: absolute; inset: 0; overflow: auto; display: grid; align-content: safe center; justify-content: center; gap: 20px 36px; padding: 16px;
    grid-template-columns: minmax(0, 460px);
  }
  .preview { position: relative; overflow: hidden; aspect-ratio: 16 / 10; border-radius: var(--corner); background: #2a2e36; color: #fff; display: grid; place-items: center; }
  .mirror { position: absolute; inset: 0; }
  .mirror > * { display: block; inline-size: 100%; block-size: 100%; object-fit: cover; }
  .wake { position: relative; min-block-size: 44px; margin: 12px; padding: 8px 20px; border-radius: 22px; background: #fff; color: #111318; font-weight: 600; }
  .wake:focus-visible { outline-color: #111318; outline-offset: -5px; }
  .faults { position: relative; display: grid; gap: 4px; padding: 12px 20px 64px; text-align: center; text-wrap: balance; }
  .mirror:not([hidden]) ~ .faults { align-self: start; justify-self: stretch; padding-block: 8px; background: rgb(10 11 13 / 0.72); font-size: 14px; }
  .faults .soft { color: #c3c8d0; }
  .preview .bar { position: absolute; inset-inline: 0; inset-block-end: 4px; padding: 8px; }
  .preview .round { background: rgb(10 11 13 / 0.72); color: #fff; }
  .preview .round.off { background: #fff; color: #111318; }
  .preview :focus-visible { outline-color: #fff; }
  .level {
    position: absolute; inset-block-end: 0; inset-inline: 0; block-size: 5px; transform-origin: left; pointer-events: none;
    background: linear-gradient(to right, var(--speaking) calc(var(--level, 0) * 100%), rgb(10 11 13 / 0.5) 0);
  }
  .level:dir(rtl) { background: linear-gradient(to left, var(--speaking) calc(var(--level, 0) * 100%), rgb(10 11 13 / 0.5) 0); }
  .form { display: grid; align-content: center; gap: 14px; min-inline-size: 0; }
  .title { font-size: 22px; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere; text-wrap: balance; }
  .fields { display: grid; gap: 14px; }
  .fields:empty { display: none; }
  .field { display: grid; gap: 4px; min-inline-size: 0; }
  .field-name { font-size: 13px; font-weight: 500; color: var(--soft); }
  .input {
    box-sizing: border-box; inline-size: 100%; min-block-size: 44px; padding-inline: 12px; border: 1px solid var(--line); border-radius: 10px;
    background: var(--raised); color: var(--ink); text-align: start; text-overflow: ellipsis;
  }
  .input::placeholder { color: var(--soft); opacity: 1; }
  .input[aria-invalid='true'] { border-color: var(--warn); box-shadow: 0 0 0 1px var(--warn); }
  .refusal { color: var(--warn); font-weight: 500; overflow-wrap: anywhere; }
  .refusal:empty { display: none; }
  .join { justify-self: start; }
  @container p2p-room (inline-size >= 680px) {
    .lobby { grid-template-columns: minmax(0, 520px) minmax(0, 340px); align-items: center; padding: 24px; }
  }
  @container p2p-room (inline-size >= 560px) and (block-size < 420px) {
    .lobby { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 16px; padding: 10px 14px; }
    .form { gap: 8px; }
    .title { font-size: 18px; }
    .fields { grid-template-columns: 1fr 1fr; gap: 8px; }
    .input { min-block-size: 40px; }
  }
  @container p2p-room (inline-size < 480px) { .join { justify-self: stretch; } }
`;
