// The control that mutes and unmutes.

import type { SVGTemplateResult } from 'lit';
import { strings } from '../strings.ts';
import { ControlButton } from './control-button.ts';
import { loudIcon, mutedIcon, quietIcon } from './icons.ts';
import type { Wish } from './wish.ts';

/** Unmute when nothing is heard (`muted`, or `volume` 0), else mute. */
export class MuteButton extends ControlButton {
  static override properties = { muted: { type: Boolean, reflect: true }, volume: { type: Number } };
  declare muted: boolean;
  /** 0–1 */
  declare volume: number;

  get #silent(): boolean {
    return this.muted || this.volume === 0;
  }
  protected override get label(): string {
    return this.#silent ? strings.unmute : strings.mute;
  }
  protected override get icon(): SVGTemplateResult {
    if (this.#silent) return mutedIcon;
    return this.volume < 0.5 ? quietIcon : loudIcon;
  }
  protected override get wish(): Wish {
    return { to: this.#silent ? 'unmute' : 'mute' };
  }
  protected override get hotkey(): string {
    return 'm';
  }
}
