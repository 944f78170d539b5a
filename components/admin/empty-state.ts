// What stands where there is nothing yet, and why.

import { html, type SVGTemplateResult } from 'lit';

export function emptyState(icon: SVGTemplateResult, title: string, text: string) {
  return html`<div class="empty">${icon}<strong>${title}</strong><span>${text}</span></div>`;
}
