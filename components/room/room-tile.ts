// One person of the room, as a tile.

import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { mutedIcon } from '../controls/icons.ts';
import { hue, initials } from './initials.ts';
import type { PersonState } from './person.ts';
import { microphoneOffIcon } from './room-icons.ts';
import type { RoomStrings } from './room-strings.ts';

/** What a tile shows. */
export interface TileFacts {
  readonly strings: RoomStrings;
  readonly user: string;
  /** One's own: as in a mirror. */
  readonly isOwn: boolean;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly speaking: boolean;
  readonly state: PersonState;
  /** The `<video>`, or what is like one. */
  readonly picture: HTMLElement | null;
}

/** What is wrong, or not there yet, in words; nothing while all is well. */
function trouble({ strings, isOwn, state, microphone, camera }: TileFacts): string | undefined {
  if (isOwn || state === 'here') return undefined;
  if (state === 'absent') return microphone || camera ? strings.connecting : strings.onlyListens;
  return { connecting: strings.connecting, trouble: strings.trouble, unplayable: strings.unplayable }[state];
}

/** An item of the list of people. */
export function roomTile(facts: TileFacts): TemplateResult {
  const { strings, user, isOwn, microphone, camera, speaking, state, picture } = facts;
  const seen = camera && picture !== null && (isOwn || state === 'here' || state === 'trouble');
  const words = trouble(facts);
  const classes = { own: isOwn, speaking, seen, troubled: state === 'trouble' };
  return html`<li class="tile ${classMap(classes)}" part="tile ${isOwn ? 'own-tile' : ''}">
    <div class="picture" aria-hidden="true">${picture}</div>
    ${seen ? nothing : html`<div class="avatar" aria-hidden="true" style="--hue: ${hue(user)}">${initials(user)}</div>`}
    ${words === undefined ? nothing : html`<p class="words">${state === 'connecting' || state === 'trouble' ? html`<span class="spinner"></span>` : nothing}${words}</p>`}
    <p class="label">
      ${microphone ? nothing : html`<span class="sign">${microphoneOffIcon}<span class="spoken">${strings.muted}</span></span>`}
      <bdi class="user">${isOwn ? strings.ownTile(user) : user}</bdi>
      ${speaking ? html`<span class="spoken">${strings.speaking}</span>` : nothing}
    </p>
  </li>`;
}

/** What brings the sound of the others back that the browser forbade. */
export const hearButton = (strings: RoomStrings, hear: () => void): TemplateResult =>
  html`<button type="button" class="hear" part="hear-button" @click=${hear}>${mutedIcon}${strings.tapToHear}</button>`;
