// The control that plays and pauses.

import type { SVGTemplateResult } from 'lit';
import { strings } from '../strings.ts';
import { ControlButton } from './control-button.ts';
import { pauseIcon, playIcon } from './icons.ts';
import type { Wish } from './wish.ts';

/** Play when `paused`, else pause. */
export class PlayButton extends ControlButton {
  static override properties = { paused: { type: Boolean, reflect: true } };
  declare paused: boolean;

  protected override get label(): string {
    return this.paused ? strings.play : strings.pause;
  }
  protected override get icon(): SVGTemplateResult {
    return this.paused ? playIcon : pauseIcon;
  }
  protected override get wish(): Wish {
    return { to: this.paused ? 'play' : 'pause' };
  }
  protected override get hotkey(): string {
    return 'k';
  }
}
