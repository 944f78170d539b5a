// What is there when there is no picture: one template a state.

import { html, nothing, type TemplateResult } from 'lit';
import { speakSeconds } from '../controls/format-number.ts';
import { alertIcon, endedIcon, retryIcon } from '../controls/icons.ts';
import {
  cameraIcon,
  cameraOffIcon,
  closeIcon,
  microphoneIcon,
  microphoneOffIcon,
  screenIcon,
} from './publish-icons.ts';
import type { PublishView, PublishWish } from './publish-view.ts';

/** The words and buttons in the middle, if the state has any. */
export function publishScreen(view: PublishView): unknown {
  const { strings, state, source, error, seconds, grant } = view;
  switch (state) {
    case 'idle':
      return offer(view);
    case 'asking':
      return html`<div class="notice" part="notice">
        <span class="spinner" part="spinner"></span>
        <p class="title">${source === 'screen' ? strings.askingScreen : strings.asking}</p>
        <p>${pill(strings.cancel, closeIcon, () => grant({ to: 'stop' }))}</p>
      </div>`;
    case 'ended':
      return html`<div class="notice" part="notice">
        <span class="notice-icon">${endedIcon}</span>
        <p class="title">${strings.endedTitle}</p>
        <p class="detail">${strings.endedDetail(speakSeconds(strings, seconds))}</p>
        ${pill(strings.again, retryIcon, () => grant({ to: 'retry' }))}
      </div>`;
    case 'failed':
      return html`<div class="notice" part="notice">
        <span class="notice-icon">${alertIcon}</span>
        <p class="title">${strings.failures[error?.code ?? ''] ?? strings.failed}</p>
        <p class="detail"><span lang=${isOwnWord(view) ? nothing : 'en'} dir="auto">${sentence(error?.message ?? '')}</span></p>
        ${pill(strings.retry, retryIcon, () => grant({ to: 'retry' }))}
      </div>`;
    default:
      return still(view);
  }
}

/** The ways to begin, each with its picture. */
function offer({ strings, source, canShareScreen, grant }: PublishView): TemplateResult {
  if (source === 'own')
    return html`<div class="notice" part="notice">${pill(strings.preview, cameraIcon, () => grant({ to: 'retry' }))}</div>`;
  const choice = (to: Extract<PublishWish, { to: 'source' }>['source'], label: string, icon: unknown) =>
    html`<button type="button" class="choice" part="choice ${to}-choice" @click=${() => grant({ to: 'source', source: to })}>
      <span>${icon}</span>${label}
    </button>`;
  return html`<div class="notice" part="notice">
    <p class="title">${strings.offer}</p>
    <div class="choices" part="choices">
      ${choice('camera', strings.camera, cameraIcon)}
      ${canShareScreen ? choice('screen', strings.screen, screenIcon) : nothing}
      ${choice('microphone', strings.soundOnly, microphoneIcon)}
    </div>
    <p class="detail">${strings.offerDetail}</p>
  </div>`;
}

/** In place of a picture: the camera is off, or there is none. */
function still({ strings, cameraOff, hasVideo, hasAudio, muted, source }: PublishView): unknown {
  if (hasVideo && !cameraOff) return nothing;
  const silent = muted || !hasAudio;
  const isPictureOff = cameraOff && source !== 'microphone';
  return html`<div class="notice still" part="notice">
    <span class="voice ${silent ? 'silent' : ''}"><span class="ring"></span>${
      isPictureOff ? cameraOffIcon : silent ? microphoneOffIcon : microphoneIcon
    }</span>
    <p class="detail">${isPictureOff ? strings.pictureOff : silent ? strings.muted : strings.soundOnly}</p>
  </div>`;
}

function pill(label: string, icon: unknown, press: () => void): TemplateResult {
  return html`<button type="button" class="retry" part="retry-button" @click=${press}>${icon}${label}</button>`;
}

/** The engine speaks English only. */
function isOwnWord({ strings, error }: PublishView): boolean {
  return error !== null && (error.code in strings.advice || error.code === 'bad-relay');
}

/** The engine's messages are clauses: `the relay …`. */
function sentence(message: string): string {
  const capital = message.charAt(0).toUpperCase() + message.slice(1);
  return /[\p{L}\p{N}"”)]$/u.test(capital) ? `${capital}.` : capital;
}
