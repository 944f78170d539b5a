// The controls along the lower edge of the preview.

import { html, nothing, type TemplateResult } from 'lit';
import { controlButton } from '../controls/control-button.ts';
import { stopIcon } from '../controls/icons.ts';
import {
  airIcon,
  cameraIcon,
  cameraOffIcon,
  closeIcon,
  microphoneIcon,
  microphoneOffIcon,
  screenIcon,
  settingsIcon,
} from './publish-icons.ts';
import type { PublishView } from './publish-view.ts';

/** Going on and off the air, what is muted, what is shown, and the way to the settings. */
export function publishBar(view: PublishView): TemplateResult {
  const { strings, state, source, muted, cameraOff, hasAudio, hasVideo, grant } = view;
  const isOnAir = state !== 'ready';
  const isCamera = source === 'camera';
  // Without a picture behind them the controls take the colours of the page.
  return html`<div class="bar ${hasVideo && !cameraOff ? '' : 'plain'}" part="controls"><div class="row" part="buttons">
    ${isOnAir ? endButton(view) : startButton(view)}
    ${controlButton({
      part: `mute-button ${muted ? 'off' : ''}`,
      label: muted ? strings.unmute : strings.mute,
      icon: muted ? microphoneOffIcon : microphoneIcon,
      key: 'm',
      disabled: !hasAudio,
      press: () => grant({ to: 'mute' }),
    })}
    ${meter(view)}
    ${
      source === 'microphone'
        ? nothing
        : controlButton({
            part: `camera-button ${cameraOff ? 'off' : ''}`,
            label: isCamera
              ? cameraOff
                ? strings.cameraOn
                : strings.cameraOff
              : cameraOff
                ? strings.showPicture
                : strings.hidePicture,
            icon: cameraOff ? cameraOffIcon : cameraIcon,
            key: 'v',
            disabled: !hasVideo && !cameraOff,
            press: () => grant({ to: 'picture' }),
          })
    }
    ${
      source !== 'own' && view.canShareScreen
        ? controlButton({
            part: `screen-button ${source === 'screen' ? 'on' : ''}`,
            label: source === 'screen' ? strings.shareCamera : strings.shareScreen,
            icon: screenIcon,
            press: () => grant({ to: 'source', source: source === 'screen' ? 'camera' : 'screen' }),
          })
        : nothing
    }
    <span class="space"></span>
    ${
      source === 'own'
        ? nothing
        : controlButton({
            part: 'settings-button',
            label: strings.settings,
            icon: settingsIcon,
            expanded: view.settingsOpen,
            press: () => grant({ to: 'settings' }),
          })
    }
    ${
      isOnAir
        ? nothing
        : controlButton({
            part: 'off-button',
            label: strings.turnOff,
            icon: closeIcon,
            press: () => grant({ to: 'stop' }),
          })
    }
  </div></div>`;
}

function startButton({ strings, grant }: PublishView): TemplateResult {
  return html`<button type="button" class="main go" part="button go-live-button" @click=${() => grant({ to: 'start' })}>
    ${airIcon}<span>${strings.goLive}</span>
  </button>`;
}

function endButton({ strings, state, grant }: PublishView): TemplateResult {
  const label = state === 'connecting' ? strings.cancel : strings.end;
  return html`<button type="button" class="main" part="button end-button" @click=${() => grant({ to: 'stop' })}>
    ${state === 'connecting' ? closeIcon : stopIcon}<span>${label}</span>
  </button>`;
}

/** Filled by the level meter, without drawing the rest anew. */
function meter({ strings, muted, hasAudio }: PublishView) {
  if (!hasAudio || muted) return nothing;
  return html`<span class="meter" part="meter" role="meter" aria-label=${strings.level} aria-valuemin="0" aria-valuemax="100" aria-valuenow="0"><i></i></span>`;
}
