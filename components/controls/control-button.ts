// What all buttons of the control bar have in common.

import { html, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';

/** One button. */
export interface ControlButton {
  /** Its name for style sheets. */
  readonly part: string;
  /** What it does when pressed, for ears and tooltips. */
  readonly label: string;
  readonly icon: unknown;
  readonly press: () => void;
  /** The key that does the same. */
  readonly key?: string;
  readonly disabled?: boolean;
  /** Of a button that opens something: whether it is open. */
  readonly expanded?: boolean;
  /** Of a button that is on or off. */
  readonly pressed?: boolean;
}

/** A native button with a picture on it. */
export function controlButton({
  part,
  label,
  icon,
  press,
  key,
  disabled,
  expanded,
  pressed,
}: ControlButton): TemplateResult {
  return html`<button
    type="button" class="control ${part}" part="button ${part}" aria-label=${label} title=${key ? `${label} (${key})` : label}
    aria-keyshortcuts=${ifDefined(key)} aria-expanded=${ifDefined(expanded)} aria-pressed=${ifDefined(pressed)}
    ?disabled=${disabled} @click=${press}
  >${icon}</button>`;
}
