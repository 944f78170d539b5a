// Before the door: how one looks and sounds, which camera and microphone, which name.

import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { live } from 'lit/directives/live.js';
import type { Device, LocalMedia } from './local-media.ts';
import { roomBar } from './room-bar.ts';
import type { RoomStrings } from './room-strings.ts';

/** What the lobby shows and does. */
export interface LobbyFacts {
  readonly strings: RoomStrings;
  readonly name: string;
  readonly user: string;
  readonly media: LocalMedia;
  /** The `<video>` of one's own picture. */
  readonly mirror: HTMLElement;
  /** Whether each gives something now. */
  readonly microphone: boolean;
  readonly camera: boolean;
  /** Nobody was asked for camera and microphone yet. */
  readonly isAsleep: boolean;
  readonly isJoining: boolean;
  /** Why one did not come in. */
  readonly refusal: string;
  /** The refusal is about the name. */
  readonly nameIsWrong: boolean;
  readonly wake: () => void;
  readonly toggle: (device: Device) => void;
  readonly choose: (device: Device, id: string) => void;
  readonly join: (user: string) => void;
}

/** The whole of it: a form. */
export function roomLobby(facts: LobbyFacts): TemplateResult {
  const { strings, name, user, refusal, nameIsWrong, isJoining } = facts;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (event.currentTarget instanceof HTMLFormElement)
      facts.join(String(new FormData(event.currentTarget).get('user') ?? '').trim());
  };
  return html`<div class="lobby" part="lobby">
    ${preview(facts)}
    <form class="form" part="form" novalidate @submit=${submit}>
      <h2 class="title">${strings.lobbyTitle(name)}</h2>
      <label class="field">
        <span class="field-name">${strings.name}</span>
        <input
          class="input" part="name-input" name="user" .value=${live(user)} maxlength="32" autocomplete="nickname" autocapitalize="off" spellcheck="false" dir="ltr"
          placeholder=${strings.nameHint} ?disabled=${isJoining} aria-invalid=${ifDefined(nameIsWrong || undefined)} aria-describedby=${ifDefined(refusal ? 'refusal' : undefined)}
        >
      </label>
      <div class="fields">${devices('camera', strings.camera, facts)}${devices('microphone', strings.microphone, facts)}</div>
      <p class="refusal" id="refusal" role="alert">${refusal}</p>
      <button type="submit" class="join" part="join-button" ?disabled=${isJoining}>
        ${isJoining ? html`<span class="spinner"></span>${strings.joining}` : strings.join}
      </button>
    </form>
  </div>`;
}

function preview(facts: LobbyFacts): TemplateResult {
  const { strings, media, mirror, microphone, camera, isAsleep, wake, toggle } = facts;
  const faults = (['camera', 'microphone'] as const).flatMap(device => {
    const fault = media.fault(device);
    return fault ? strings.faults[device][fault] : [];
  });
  return html`<div class="preview" part="preview">
    <div class="mirror" role="img" aria-label=${strings.preview} ?hidden=${!camera}>${mirror}</div>
    ${isAsleep ? html`<button type="button" class="wake" part="wake-button" @click=${wake}>${strings.turnOn}</button>` : nothing}
    ${faults.length > 0 ? html`<div class="faults" role="status">${faults.map(fault => html`<p>${fault}</p>`)}${faults.length === 2 ? html`<p class="soft">${strings.listening}</p>` : nothing}</div>` : nothing}
    ${isAsleep ? nothing : roomBar({ strings, microphone, camera, toggle })}
    <div class="level" role="meter" aria-label=${strings.level} aria-valuemin="0" aria-valuemax="100" aria-valuenow="0" ?hidden=${!microphone}></div>
  </div>`;
}

function devices(device: Device, label: string, { media, choose, isJoining }: LobbyFacts): unknown {
  const list = media.list(device).filter(({ label: known }) => known !== '');
  if (list.length === 0) return nothing;
  const chosen = media.chosen(device);
  const change = (event: Event) => {
    if (event.currentTarget instanceof HTMLSelectElement) choose(device, event.currentTarget.value);
  };
  return html`<label class="field">
    <span class="field-name">${label}</span>
    <select class="input" part="${device}-select" ?disabled=${isJoining} @change=${change}>
      ${list.map(each => html`<option value=${each.deviceId} .selected=${each.deviceId === chosen}>${each.label}</option>`)}
    </select>
  </label>`;
}
