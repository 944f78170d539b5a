// The room from inside: the tiles, the notices over them, the buttons below.

import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Crowd } from './crowd.ts';
import type { Device } from './local-media.ts';
import { roomBar } from './room-bar.ts';
import type { RoomStrings } from './room-strings.ts';
import { hearButton, roomTile, type TileFacts } from './room-tile.ts';

/** What is shown inside, and what can be done there. */
export interface InsideFacts {
  readonly strings: RoomStrings;
  readonly user: string;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly speaking: boolean;
  /** The `<video>` of one's own picture. */
  readonly mirror: HTMLElement;
  readonly crowd: Crowd;
  readonly isReconnecting: boolean;
  readonly notice: string;
  readonly toggle: (device: Device) => void;
  readonly hear: () => void;
  readonly leave: () => void;
}

/** Fills the element. */
export function roomInside(facts: InsideFacts): TemplateResult {
  const { strings, user, crowd, mirror, microphone, camera, speaking } = facts;
  const own: TileFacts = {
    ...{ strings, user, microphone, camera, speaking, picture: mirror },
    ...{ isOwn: true, state: 'here' },
  };
  const others = crowd.seen.map(({ member, person }): TileFacts => {
    const wasSeen = person.state === 'here' && (member.camera || member.microphone);
    const state = member.channelIsLive ? person.state : wasSeen ? 'trouble' : 'absent';
    return { ...member, strings, isOwn: false, state, picture: person.player };
  });
  const isAlone = others.length === 0 && crowd.listed.length === 0;
  return html`<div class="inside">
    <div class="floor">
      <ul class="grid" part="grid" aria-label=${strings.people}>${repeat([own, ...others], tile => tile.user, roomTile)}</ul>
      ${isAlone ? html`<p class="alone"><span>${strings.alone}</span></p>` : nothing}
      <div class="notices">
        ${facts.isReconnecting ? notice(strings.reconnecting, true) : nothing}
        ${facts.notice ? notice(facts.notice) : nothing}
        ${crowd.isBlocked ? hearButton(strings, facts.hear) : nothing}
      </div>
    </div>
    <div>
      ${crowd.listed.length > 0 ? more(facts) : nothing}
      ${roomBar(facts)}
    </div>
  </div>`;
}

function notice(text: string, isBusy = false): TemplateResult {
  return html`<p class="notice" part="notice" role="status">${isBusy ? html`<span class="spinner"></span>` : nothing}${text}</p>`;
}

/** Who has no tile, by name. */
function more({ strings, crowd }: InsideFacts): TemplateResult {
  return html`<ul class="more" part="more" aria-label=${strings.moreLabel} tabindex="0">
    <li class="count">${strings.more(crowd.listed.length)}</li>
    ${crowd.listed.map(({ user }) => html`<li><bdi>${user}</bdi></li>`)}
  </ul>`;
}
