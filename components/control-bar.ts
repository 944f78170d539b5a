// The controls along the lower edge of the picture, and the panel of figures that they open.

import { html, nothing, type TemplateResult } from 'lit';
import { controlButton } from './controls/control-button.ts';
import type { ControlView } from './controls/control-view.ts';
import {
  captionsIcon,
  captionsOnIcon,
  chartIcon,
  expandIcon,
  leavePipIcon,
  loudIcon,
  mutedIcon,
  pauseIcon,
  pipIcon,
  playIcon,
  quietIcon,
  shrinkIcon,
  stopIcon,
} from './controls/icons.ts';
import { liveBadge } from './controls/live-badge.ts';
import { type Rewind, rewindOf } from './controls/rewind.ts';
import { RewindBar } from './controls/rewind-bar.ts';
import { timeLabel } from './controls/time-label.ts';
import { volumeSlider } from './controls/volume-slider.ts';
import { StatsDrawer, type StatsHost } from './stats-drawer.ts';

/** Draws the controls, and remembers what is theirs alone. */
export class ControlBar {
  readonly #host: StatsHost;
  readonly #rewindBar: RewindBar;
  readonly #drawer: StatsDrawer;
  #view: ControlView | undefined;

  constructor(host: StatsHost) {
    this.#host = host;
    this.#rewindBar = new RewindBar(host);
    this.#drawer = new StatsDrawer(host);
  }

  /** Whether the keyboard is in the controls or the pointer on them. */
  get held(): boolean {
    const bar = this.#host.shadowRoot?.querySelector('.bar');
    return this.#rewindBar.held || Boolean(bar?.matches(':hover') || bar?.querySelector(':focus-visible'));
  }

  /** Where one is in what can be sought to, for the keys; null where there is no going back. */
  get rewind(): (Rewind & { readonly rtl: boolean }) | null {
    const rewind = this.#view && rewindOf(this.#view);
    return rewind ? { ...rewind, rtl: this.#rewindBar.rtl } : null;
  }

  template(view: ControlView): TemplateResult {
    this.#view = view;
    const { shown, strings, state, wanted, hasShown, video, recorded, captions, fullscreen, pip, grant } = view;
    const started = hasShown && (state === 'playing' || state === 'buffering' || (recorded && state === 'ended'));
    const off = state === 'idle' || state === 'failed';
    const paused = !wanted || state === 'failed';
    // Without a picture behind them the controls take the colours of the page.
    const pictured = started || (state === 'connecting' && hasShown) || (video.poster && /idle|connecting/.test(state));
    const silent = video.muted || video.volume === 0;
    const row = [
      controlButton({
        part: 'play-button',
        label: paused ? strings.play : strings.pause,
        icon: paused ? playIcon : pauseIcon,
        key: 'k',
        press: () => grant({ to: paused ? 'play' : 'pause' }),
      }),
      controlButton({
        part: 'stop-button',
        label: strings.stop,
        icon: stopIcon,
        disabled: off,
        press: () => grant({ to: 'stop' }),
      }),
      controlButton({
        part: 'mute-button',
        label: silent ? strings.unmute : strings.mute,
        icon: silent ? mutedIcon : video.volume < 0.5 ? quietIcon : loudIcon,
        key: 'm',
        press: () => grant({ to: silent ? 'unmute' : 'mute' }),
      }),
      volumeSlider(view),
      started ? (recorded ? timeLabel(view) : liveBadge(view)) : nothing,
      html`<span class="space"></span>`,
      captions.available
        ? controlButton({
            part: 'captions-button',
            label: strings.captions,
            icon: captions.active ? captionsOnIcon : captionsIcon,
            key: 'c',
            pressed: captions.active,
            press: () => grant({ to: 'captions' }),
          })
        : nothing,
      controlButton({
        part: 'stats-button',
        label: strings.statistics,
        icon: chartIcon,
        expanded: this.#drawer.open,
        press: () => this.#drawer.toggle(),
      }),
      pip.available
        ? controlButton({
            part: 'pip-button',
            label: pip.active ? strings.exitPip : strings.pip,
            icon: pip.active ? leavePipIcon : pipIcon,
            key: 'p',
            press: () => grant({ to: 'pip' }),
          })
        : nothing,
      fullscreen.available
        ? controlButton({
            part: 'fullscreen-button',
            label: fullscreen.active ? strings.exitFullscreen : strings.fullscreen,
            icon: fullscreen.active ? shrinkIcon : expandIcon,
            key: 'f',
            press: () => grant({ to: 'fullscreen' }),
          })
        : nothing,
    ];
    return html`${this.#drawer.template(strings)}<div class="bar ${shown ? '' : 'away'} ${pictured ? '' : 'plain'}" part="controls">${
      started ? this.#rewindBar.template(view) : nothing
    }<div class="row" part="buttons">${row}</div></div>`;
  }
}
