// A channel's or a source's state as a dot and a word.

import { html } from 'lit';
import type { AdminChannel, AdminSource } from '../../core/admin/answers.ts';
import { adminStrings } from './admin-strings.ts';

/** What a channel fares by: while nothing comes, its source says more than it does. */
export function channelState({ state, source }: AdminChannel) {
  return stateWord(state === 'live' || !source || source.state === 'live' ? state : source.state);
}

export function stateWord(state: AdminChannel['state'] | AdminSource['state']) {
  return html`<span class="state ${state}">${adminStrings.states[state]}</span>`;
}

/** Whether its source can be stopped rather than started. */
export const isRunning = ({ state }: AdminSource): boolean => state !== 'stopped';
