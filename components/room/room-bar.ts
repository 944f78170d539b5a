// The buttons for one's own microphone and camera, in the lobby and inside, and the way out.

import { html, nothing, type TemplateResult } from 'lit';
import type { Device } from './local-media.ts';
import { cameraIcon, cameraOffIcon, leaveIcon, microphoneIcon, microphoneOffIcon } from './room-icons.ts';
import type { RoomStrings } from './room-strings.ts';

/** What the buttons show and do. */
export interface RoomBar {
  readonly strings: RoomStrings;
  /** Whether each gives something now. */
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly toggle: (device: Device) => void;
  /** Without, there is no way out to offer. */
  readonly leave?: () => void;
}

const KEYS = { microphone: 'm', camera: 'c' } as const;

/** A row of buttons. */
export function roomBar({ strings, microphone, camera, toggle, leave }: RoomBar): TemplateResult {
  const button = (device: Device, isOn: boolean, icon: unknown, label: string) =>
    html`<button
      type="button" class="round ${isOn ? '' : 'off'}" part="button ${device}-button" aria-label=${label} title="${label} (${KEYS[device]})"
      aria-keyshortcuts=${KEYS[device]} @click=${() => toggle(device)}
    >${icon}</button>`;
  return html`<div class="bar" part="bar">
    ${button('microphone', microphone, microphone ? microphoneIcon : microphoneOffIcon, microphone ? strings.mute : strings.unmute)}
    ${button('camera', camera, camera ? cameraIcon : cameraOffIcon, camera ? strings.cameraOff : strings.cameraOn)}
    ${leave ? html`<button type="button" class="round leave" part="button leave-button" aria-label=${strings.leave} title=${strings.leave} @click=${leave}>${leaveIcon}</button>` : nothing}
  </div>`;
}

/** The device that a key stands for. */
export function deviceForKey(key: string): Device | undefined {
  const [device] = Object.entries(KEYS).find(([, own]) => own === key.toLowerCase()) ?? [];
  return device as Device | undefined; // the keys of KEYS
}
