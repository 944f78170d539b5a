// The control that fills the screen and gives it back.

import type { SVGTemplateResult } from 'lit';
import { strings } from '../strings.ts';
import { ControlButton } from './control-button.ts';
import { expandIcon, shrinkIcon } from './icons.ts';
import type { Wish } from './wish.ts';

/** Enters full screen, or leaves it when `active`. */
export class FullscreenButton extends ControlButton {
  static override properties = { active: { type: Boolean, reflect: true } };
  declare active: boolean;

  protected override get label(): string {
    return this.active ? strings.exitFullscreen : strings.fullscreen;
  }
  protected override get icon(): SVGTemplateResult {
    return this.active ? shrinkIcon : expandIcon;
  }
  protected override get wish(): Wish {
    return { to: 'fullscreen' };
  }
  protected override get hotkey(): string {
    return 'f';
  }
}
