// The panel of settings: what is shown, by which devices, how large and how fast.

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { NO_MICROPHONE } from './media-wish.ts';
import { bitrateFor, RESOLUTIONS } from './publish-attributes.ts';
import { formatRate } from './publish-badge.ts';
import { closeIcon } from './publish-icons.ts';
import type { PublishView } from './publish-view.ts';

const BITRATES = [400, 800, 1_500, 2_500, 4_000];

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Native menus, so that phones show their own. */
export function publishSettings(view: PublishView): TemplateResult {
  const { strings, state, source, camera, microphone, resolution, chosenKbps, grant } = view;
  const isOnAir = state !== 'ready';
  const devices = (choices: PublishView['cameras']) => choices.map(({ id, label }) => ({ value: id, label }));
  return html`<section class="settings" part="settings" aria-label=${strings.settings}>
    <header><h2>${strings.settings}</h2>
      <button type="button" class="control close" part="button close-button" aria-label=${strings.close} title=${strings.close} @click=${() => grant({ to: 'settings' })}>${closeIcon}</button>
    </header>
    ${menu('source', strings.source, source, sources(view), value => {
      if (value === 'camera' || value === 'screen' || value === 'microphone') grant({ to: 'source', source: value });
    })}
    ${
      source === 'camera' && view.cameras.length > 0
        ? menu('camera', strings.camera, camera, devices(view.cameras), id => grant({ to: 'camera', id }))
        : nothing
    }
    ${menu(
      'microphone',
      strings.microphone,
      microphone,
      [
        ...devices(view.microphones),
        ...(source === 'microphone' ? [] : [{ value: NO_MICROPHONE, label: strings.noMicrophone }]),
      ],
      id => grant({ to: 'microphone', id }),
    )}
    ${
      source === 'microphone'
        ? nothing
        : html`${menu(
            'resolution',
            strings.quality,
            `${resolution}`,
            [...new Set([...RESOLUTIONS, resolution])].map(height => ({
              value: `${height}`,
              label: strings.lines(height),
            })),
            height => grant({ to: 'resolution', height: Number(height) }),
          )}
          ${menu(
            'bitrate',
            strings.bitrate,
            `${chosenKbps ?? ''}`,
            [
              { value: '', label: strings.automatic(formatRate(strings, bitrateFor(resolution))) },
              ...[...new Set([...BITRATES, ...(chosenKbps ? [chosenKbps] : [])])].map(kbps => ({
                value: `${kbps}`,
                label: formatRate(strings, kbps),
              })),
            ],
            kbps => grant({ to: 'bitrate', kbps: kbps ? Number(kbps) : null }),
          )}
          ${isOnAir ? html`<p class="hint">${strings.later}</p>` : nothing}`
    }
  </section>`;
}

function sources({ strings, canShareScreen }: PublishView): Choice[] {
  return [
    { value: 'camera', label: strings.camera },
    ...(canShareScreen ? [{ value: 'screen', label: strings.screen }] : []),
    { value: 'microphone', label: strings.soundOnly },
  ];
}

type Menu = 'source' | 'camera' | 'microphone' | 'resolution' | 'bitrate';

function menu(name: Menu, label: string, value: string, choices: readonly Choice[], choose: (value: string) => void) {
  const change = (event: Event) => {
    if (event.target instanceof HTMLSelectElement) choose(event.target.value);
  };
  return html`<label class="field"><span>${label}</span>
    <select part="menu ${name}-menu" name=${name} .value=${live(value)} @change=${change}>
      ${choices.map(
        choice => html`<option value=${choice.value} ?selected=${choice.value === value}>${choice.label}</option>`,
      )}
    </select>
  </label>`;
}
