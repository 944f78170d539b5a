// The control that stops: it leaves the broadcast, where pausing only freezes the picture.

import type { SVGTemplateResult } from 'lit';
import { strings } from '../strings.ts';
import { ControlButton } from './control-button.ts';
import { stopIcon } from './icons.ts';
import type { Wish } from './wish.ts';

/** Leaves the broadcast. */
export class StopButton extends ControlButton {
  protected override get label(): string {
    return strings.stop;
  }
  protected override get icon(): SVGTemplateResult {
    return stopIcon;
  }
  protected override get wish(): Wish {
    return { to: 'stop' };
  }
  protected override get hotkey(): string {
    return '';
  }
}
