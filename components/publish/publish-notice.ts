// What went wrong while the broadcast goes on, and what one can do about it.

import { html, nothing } from 'lit';
import { closeIcon } from './publish-icons.ts';
import type { PublishView } from './publish-view.ts';

/** A line over the picture, if there is something to tell. */
export function publishNotice({ strings, warning, grant }: PublishView) {
  if (!warning) return nothing;
  const again = warning.code === 'screen-ended';
  return html`<div class="warning" part="warning" role="alert"><p>${strings.warnings[warning.code]}</p>
    <button type="button" class="link" part="warning-action" @click=${() => grant(again ? { to: 'source', source: 'screen' } : { to: 'settings' })}>${
      again ? strings.shareAgain : strings.choose
    }</button>
    <button type="button" class="control close" part="button dismiss-button" aria-label=${strings.dismiss} title=${strings.dismiss} @click=${() => grant({ to: 'dismiss' })}>${closeIcon}</button>
  </div>`;
}
