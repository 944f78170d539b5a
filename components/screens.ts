// What lies over the picture when there is no moving picture: one template a state.

import { html, nothing, type TemplateResult } from 'lit';
import { alertIcon, endedIcon, mutedIcon, offAirIcon, playIcon, retryIcon } from './controls/icons.ts';
import type { PlaybackError } from './playback-error.ts';
import type { PlayerState } from './player.ts';
import type { Strings } from './strings.ts';

/** What can lie over the picture. */
export type Screen =
  | 'none'
  | 'start'
  | 'connecting'
  | 'reconnecting'
  | 'buffering'
  | 'waiting'
  | 'interrupted'
  | 'ended'
  | 'failed';

/** What decides which screen it is. */
export interface Scene {
  readonly state: PlayerState;
  readonly wanted: boolean;
  readonly playBlocked: boolean;
  readonly hasShown: boolean;
  readonly controls: boolean;
  readonly starved: boolean;
  /** A recording: at its end it can be seen again. */
  readonly recorded: boolean;
}

/** The screen for a scene. */
export function screenFor({ state, wanted, playBlocked, hasShown, controls, starved, recorded }: Scene): Screen {
  if (recorded && state === 'ended') return controls ? 'start' : 'none';
  if (state === 'failed' || state === 'ended') return state;
  if (!wanted && !hasShown) return controls || playBlocked ? 'start' : 'none';
  if (!wanted) return 'none';
  if (state === 'connecting') return hasShown ? 'reconnecting' : 'connecting';
  if (state === 'waiting' && hasShown) return 'interrupted';
  if (state === 'playing') return starved ? 'buffering' : 'none';
  return state === 'idle' ? 'connecting' : state;
}

const spinner = html`<span class="spinner" part="spinner"></span>`;

const pulse = html`<span class="pulse">${offAirIcon}</span>`;

function notice(icon: unknown, title: string, detail: unknown, action: unknown = nothing): TemplateResult {
  return html`<div class="notice" part="notice">
    <span class="notice-icon">${icon}</span>
    <p class="title">${title}</p>
    <p class="detail">${detail}</p>
    ${action}
  </div>`;
}

/** The engine's messages are clauses: `the relay …`. */
function sentence(message: string): string {
  const capital = message.charAt(0).toUpperCase() + message.slice(1);
  return /[\p{L}\p{N}"”)]$/u.test(capital) ? `${capital}.` : capital;
}

function wait(words: string, trouble: string | null, { noAnswer }: Strings): TemplateResult {
  const says = trouble
    ? html`<span lang="en" dir="auto">${sentence(trouble)}</span>`
    : trouble === null
      ? words
      : noAnswer;
  return html`${spinner}<p class="late">${says}</p>`;
}

/** What the words of a screen are made of. */
export interface ScreenFacts {
  readonly strings: Strings;
  readonly name: string;
  readonly error: PlaybackError | null;
  /** The relay's reason, or empty where it does not answer. */
  readonly trouble: string | null;
  readonly retry: () => void;
}

/** The words and pictures of a screen, in a region that screen readers follow. */
export function screenTemplate(screen: Screen, { strings, name, error, trouble, retry }: ScreenFacts): unknown {
  switch (screen) {
    case 'connecting':
      return wait(strings.connecting, trouble, strings);
    case 'reconnecting':
      return wait(strings.reconnecting, trouble, strings);
    case 'buffering':
      return html`${spinner}<p class="spoken">${strings.buffering}</p>`;
    case 'waiting':
      return notice(pulse, strings.waitingTitle(name), strings.waitingDetail);
    case 'interrupted':
      return notice(pulse, strings.interruptedTitle(name), strings.interruptedDetail);
    case 'ended':
      return notice(endedIcon, strings.endedTitle, strings.endedDetail);
    case 'failed':
      return notice(
        alertIcon,
        strings.failures[error?.reason ?? ''] ?? strings.failed,
        // The element has words of its own for these; the engine speaks English only.
        html`<span lang=${name && error?.reason !== 'bad-relay' ? 'en' : nothing} dir="auto">${sentence(error?.message ?? '')}</span>`,
        html`<button type="button" class="retry" part="retry-button" @click=${retry}>${retryIcon}${strings.retry}</button>`,
      );
    default:
      return nothing;
  }
}

/** The big button in the middle, for a player that waits for a touch. */
export const startButton = (strings: Strings, play: () => void): TemplateResult =>
  html`<button type="button" class="start-button" part="start-button" aria-label=${strings.play} @click=${play}>${playIcon}</button>`;

/** What brings the sound back that the browser forbade. */
export const unmutePill = (strings: Strings, unmute: () => void): TemplateResult =>
  html`<button type="button" class="unmute" part="unmute-button" @click=${unmute}>${mutedIcon}${strings.tapToUnmute}</button>`;
